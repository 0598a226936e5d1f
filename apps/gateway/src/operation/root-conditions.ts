// GraphQL of September 2025 lets no condition stand on what a subscription subscribes to: whether there is anything to
// listen to must be known before it begins. graphql's own rule about root fields throws on such a condition where it
// should report it, and all of validation with it: so conditions are taken out before it runs, and reported by ours.
import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  visit,
  type ASTNode,
  type DirectiveNode,
  type DocumentNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';

/** What was taken out of a document. */
const takenOut = new WeakMap<DocumentNode, readonly DirectiveNode[]>();

/** The document as graphql can validate it: itself, unless it has a subscription with a condition at its root. */
export function validatable(document: DocumentNode): DocumentNode {
  const conditions = rootConditions(document);
  if (conditions.size === 0) return document;
  const without = visit(document, {
    Directive: (directive: ASTNode) => (conditions.has(directive as DirectiveNode) ? null : undefined),
  });
  takenOut.set(without, [...conditions]);
  return without;
}

/** Reports `@skip` and `@include` on the root selections of a subscription; to be used on what is `validatable`. */
export const noRootConditions: ValidationRule = (context) => {
  for (const condition of takenOut.get(context.getDocument()) ?? []) {
    const message = `The root field of a subscription takes no @${condition.name.value}.`;
    context.reportError(new GraphQLError(message, { nodes: condition }));
  }
  return {};
};

function rootConditions({ definitions }: DocumentNode): Set<DirectiveNode> {
  const found = new Set<DirectiveNode>();
  const seen = new Set<ASTNode>();
  const check = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      for (const directive of selection.directives ?? []) if (isCondition(directive)) found.add(directive);
      if (selection.kind === Kind.INLINE_FRAGMENT) check(selection.selectionSet);
      if (selection.kind === Kind.FRAGMENT_SPREAD) fragments(selection.name.value).forEach(check);
    }
  };
  /** Each once; of two with one name both. */
  const fragments = (name: string): SelectionSetNode[] =>
    definitions.flatMap((one) => {
      if (one.kind !== Kind.FRAGMENT_DEFINITION || one.name.value !== name || seen.has(one)) return [];
      seen.add(one);
      return [one.selectionSet];
    });
  for (const one of definitions)
    if (one.kind === Kind.OPERATION_DEFINITION && one.operation === OperationTypeNode.SUBSCRIPTION)
      check(one.selectionSet);
  return found;
}

const isCondition = ({ name }: DirectiveNode): boolean => name.value === 'skip' || name.value === 'include';

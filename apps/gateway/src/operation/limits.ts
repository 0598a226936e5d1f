// Limits that need no execution: depth, fields and aliases. Tokens are limited by the parser, the body by the HTTP server.
import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { noRootConditions } from './root-conditions.js';
import { storableTexts } from './unstorable-text.js';

export const operationLimits = {
  /** Nested fields; our own clients need 8. */
  depth: 15,
  /** Fields, with all fragments written out. */
  fields: 2_000,
  /** Aliases in one document: each is another execution of its field. */
  aliases: 30,
  /** Directives on one field or fragment; a client has use for two. */
  directives: 5,
  /** Tokens that the parser reads before it gives up. */
  tokens: 5_000,
} as const;

/**
 * Refuses an operation that nests deeper than the limit, or that asks for more fields than the limit once its fragments
 * are written out. Introspection is exempt.
 */
export const sizeLimit: ValidationRule = (context) => {
  // Measured once each: fragments that double at each step would be walked 2^n times.
  const fragments = new Map<string, Size>();
  return {
    OperationDefinition: (operation) => {
      const { depth, fields } = sizeOf(operation.selectionSet, context, fragments);
      const refuse = (message: string): void => {
        context.reportError(new GraphQLError(message, { nodes: operation }));
      };
      if (depth > operationLimits.depth)
        refuse(`The operation is nested deeper than ${operationLimits.depth} fields.`);
      if (fields > operationLimits.fields)
        refuse(`The operation asks for more than ${operationLimits.fields} fields.`);
    },
  };
};

interface Size {
  readonly depth: number;
  readonly fields: number;
}
const nothing: Size = { depth: 0, fields: 0 };

function sizeOf(
  selections: SelectionSetNode,
  context: ValidationContext,
  fragments: Map<string, Size>,
): Size {
  let { depth, fields } = nothing;
  for (const selection of selections.selections) {
    const size = sizeOfSelection(selection, context, fragments);
    depth = Math.max(depth, size.depth);
    fields += size.fields;
  }
  return { depth, fields };
}

function sizeOfSelection(
  selection: SelectionNode,
  context: ValidationContext,
  fragments: Map<string, Size>,
): Size {
  switch (selection.kind) {
    case Kind.FIELD: {
      if (selection.name.value.startsWith('__')) return nothing;
      const within = selection.selectionSet ? sizeOf(selection.selectionSet, context, fragments) : nothing;
      return { depth: within.depth + 1, fields: within.fields + 1 };
    }
    case Kind.INLINE_FRAGMENT:
      return sizeOf(selection.selectionSet, context, fragments);
    case Kind.FRAGMENT_SPREAD: {
      const name = selection.name.value;
      const known = fragments.get(name);
      const fragment = context.getFragment(name);
      if (known || !fragment) return known ?? nothing;
      // A cycle is another rule's to report; here it only must not be walked for ever.
      fragments.set(name, nothing);
      const size = sizeOf(fragment.selectionSet, context, fragments);
      fragments.set(name, size);
      return size;
    }
  }
}

/** Refuses a document with more aliases than the limit. */
export const aliasLimit: ValidationRule = (context): ASTVisitor => {
  let aliases = 0;
  return {
    Field: (field) => {
      if (!field.alias) return;
      aliases += 1;
      if (aliases !== operationLimits.aliases + 1) return;
      context.reportError(
        new GraphQLError(`The document has more than ${operationLimits.aliases} aliases.`, { nodes: field }),
      );
    },
  };
};

/** Refuses a document with more directives in one place than the limit. */
export const directiveLimit: ValidationRule = (context): ASTVisitor => ({
  enter: (node) => {
    if (!('directives' in node) || (node.directives?.length ?? 0) <= operationLimits.directives) return;
    const message = `There are more than ${operationLimits.directives} directives in one place.`;
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});

/** What every document is held to, over HTTP and over sockets, beside graphql's own rules. */
export const documentRules: readonly ValidationRule[] = [
  sizeLimit,
  aliasLimit,
  directiveLimit,
  noRootConditions,
  storableTexts,
];

// Names that a client gives to fields must not meet those that the plan gives them. A plan fetches keys and required
// fields under their own names: a client's `id: name`, or his `price(currency: "USD")` beside a field that requires
// `price(currency: "EUR")`, would take their place, and a subgraph would compute with the wrong value without an error.
import {
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  visit,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

/** No field of a graph begins with it; a name that does would be refused when the graph is loaded. */
const prefix = '_client_';

/** The name that the client knows. */
export const nameForClient = (name: string): string =>
  name.startsWith(prefix) ? name.slice(prefix.length) : name;

/** Gives the fields of an operation, where they could meet those of a plan, names of their own. */
export type ProtectNames = (document: DocumentNode) => DocumentNode;

export function clientNames(supergraphSchema: GraphQLSchema): ProtectNames {
  const types = Object.values(supergraphSchema.getTypeMap());
  const fields = new Set(types.flatMap(fieldNamesOf));
  const required = new Set(types.flatMap((type) => requiredWithArguments(type)));
  const isAtRisk = ({ name, alias }: FieldNode): boolean =>
    alias && alias.value !== name.value
      ? fields.has(alias.value) || alias.value === '__typename'
      : required.has(name.value);
  return (document) =>
    visit(document, {
      Field: (field) => {
        if (!isAtRisk(field)) return undefined;
        const value = prefix + (field.alias ?? field.name).value;
        return { ...field, alias: { kind: Kind.NAME, value } };
      },
    });
}

const fieldNamesOf = (type: GraphQLNamedType): string[] =>
  isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()) : [];

/** Names of fields that some subgraph requires with arguments, at any depth. */
function requiredWithArguments(type: GraphQLNamedType): string[] {
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap(({ astNode }) =>
    requiredSelections(astNode).flatMap((selections) => namesWithArguments(selections)),
  );
}

/** What the subgraphs of a field of the supergraph require to resolve it. */
export const requiredSelections = (field: FieldDefinitionNode | null | undefined): SelectionSetNode[] =>
  (field?.directives ?? []).flatMap((directive) => {
    const requires = directive.arguments?.find((argument) => argument.name.value === 'requires')?.value;
    if (directive.name.value !== 'join__field' || requires?.kind !== Kind.STRING) return [];
    const [definition] = parse(`{ ${requires.value} }`).definitions;
    return definition && 'selectionSet' in definition ? [definition.selectionSet] : [];
  });

function namesWithArguments(selections: SelectionSetNode | undefined): string[] {
  return (selections?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    const within = namesWithArguments(selection.selectionSet);
    const isOne = selection.kind === Kind.FIELD && (selection.arguments?.length ?? 0) > 0;
    return isOne ? [selection.name.value, ...within] : within;
  });
}

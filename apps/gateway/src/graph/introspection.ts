// Answers what an operation asks of the schema itself.
import type { FieldSelection } from '@apollo/federation-internals';
import {
  executeSync,
  Kind,
  OperationTypeNode,
  visit,
  type GraphQLSchema,
  type VariableDefinitionNode,
} from 'graphql';
import type { Values } from './values.js';

/** Answers `__schema` and `__type` from the schema itself. */
export function introspection(
  schema: GraphQLSchema,
  selection: FieldSelection,
  definitions: readonly VariableDefinitionNode[],
  variables: Readonly<Values>,
): unknown {
  const field = selection.expandFragments().toSelectionNode();
  const used = new Set<string>();
  visit(field, { Variable: ({ name }) => void used.add(name.value) });
  const { data } = executeSync({
    schema,
    document: {
      kind: Kind.DOCUMENT,
      definitions: [
        {
          kind: Kind.OPERATION_DEFINITION,
          operation: OperationTypeNode.QUERY,
          variableDefinitions: definitions.filter(({ variable }) => used.has(variable.name.value)),
          selectionSet: { kind: Kind.SELECTION_SET, selections: [field] },
        },
      ],
    },
    variableValues: variables,
  });
  return data?.[selection.element.responseName()];
}

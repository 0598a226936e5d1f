// Answers what an operation asks of the schema itself.
import type { FieldSelection } from '@apollo/federation-internals';
import {
  executeSync,
  GraphQLError,
  Kind,
  OperationTypeNode,
  visit,
  type GraphQLSchema,
  type VariableDefinitionNode,
} from 'graphql';
import { nameForClient } from './client-names.js';
import type { Introspected } from './complete.js';
import { shownStep } from './fetch-steps.js';
import type { Values } from './values.js';

const mistaken = { extensions: { code: 'BAD_USER_INPUT' } };

/** Answers `__schema` and `__type` from the schema itself; errors are the client's mistakes. */
export function introspection(
  schema: GraphQLSchema,
  selection: FieldSelection,
  definitions: readonly VariableDefinitionNode[],
  variables: Readonly<Values>,
): Introspected {
  const field = selection.expandFragments().toSelectionNode();
  const used = new Set<string>();
  visit(field, { Variable: ({ name }) => void used.add(name.value) });
  const { data, errors = [] } = executeSync({
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
  return {
    value: named(data?.[selection.element.responseName()] ?? null),
    errors: errors.map(
      ({ message, path }) => new GraphQLError(message, { path: path?.map(shownStep) ?? null, ...mistaken }),
    ),
  };
}

/** The same under the names that the client gave. */
function named(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(named);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [nameForClient(name), named(part)]));
}

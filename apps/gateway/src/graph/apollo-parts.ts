// Apollo's gateway keeps its planner to itself. This is the only file that reaches in; its spec says at once when a new
// version has moved something.
import type { ApolloGateway } from '@apollo/gateway';
import type { Schema } from '@apollo/federation-internals';
import type { QueryPlanner } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';

export interface ApolloParts {
  readonly queryPlanner: QueryPlanner;
  /** The supergraph with its join directives, which tells which type is what. */
  readonly supergraphSchema: GraphQLSchema;
  /** What clients see, in the planner's own form. */
  readonly apiSchema: Schema;
}

/** The parts of a loaded gateway; throws when it has none, or is not the version that this was written for. */
export function partsOf(gateway: ApolloGateway): ApolloParts {
  const { queryPlanner, supergraphSchema, apiSchema } = gateway as unknown as Partial<ApolloParts>;
  if (!queryPlanner || !supergraphSchema || !apiSchema)
    throw new Error('@apollo/gateway no longer has the parts that the executor needs.');
  return { queryPlanner, supergraphSchema, apiSchema };
}

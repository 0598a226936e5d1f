// What a graph makes of an operation: compiled, and ready to run for everybody who meets the same.
import type { GraphQLError, OperationDefinitionNode } from 'graphql';
import type { Meets } from '@caregraph/subgraph';
import type { RefusedField } from '../operation/permitted.js';
import type { Introspect } from './complete.js';
import type { Step } from './fetch-steps.js';
import type { SubscriptionSteps } from './plan-steps.js';
import type { Shape } from './shape.js';
import type { Values } from './values.js';

export interface Prepared {
  readonly definition: OperationDefinitionNode;
  readonly shape: Shape;
  /** Errors of variables that do not fit. */
  readonly faultsOf: (variables: Readonly<Values>) => readonly GraphQLError[];
  readonly introspect: (variables: Readonly<Values>) => Introspect;
  /** What was taken out of it. */
  readonly refused: readonly RefusedField[];
}

/** A query or mutation, planned and compiled. */
export interface PreparedOperation extends Prepared {
  readonly run: Step;
}

/** A subscription, planned and compiled. */
export interface PreparedSubscription extends Prepared, SubscriptionSteps {}

/** For whom an operation is prepared. */
export interface PreparedFor {
  /** The labels of overrides that are on; none when left out. */
  readonly on?: readonly string[];
  /** What the caller meets; what he may not have is taken out. Left out, he meets everything. */
  readonly meets?: Meets;
}

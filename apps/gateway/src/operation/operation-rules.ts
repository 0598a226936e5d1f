// What the gateway adds to each operation over HTTP: the rules that a schema cannot state, and how long it took.
import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { GraphQLError, OperationTypeNode } from 'graphql';
import type { GraphExecutor } from '../graph/executor.js';
import { describeSpan, type Viewer } from '@caregraph/runtime';
import { askedBy, type RateLimits } from '../limits/rate-limits.js';
import { legacyStatus } from './legacy-status.js';
import { rootFieldCount, rootFields } from './root-fields.js';
import { codeOf } from './masking.js';
import { outcomeOf, type GatewayMetrics } from './metrics.js';
import { unstorableText, type UnstorableField } from './unstorable-text.js';

/** What travels with an operation to the data sources. */
export interface OperationContext {
  readonly viewer: Viewer;
  /** When nobody waits for the answer any more, in milliseconds of `performance.now()`. */
  readonly deadline: number;
  /** Aborts when the caller has gone; queries for him alone are then given up, mutations never. */
  readonly left?: AbortSignal;
  /** The IANA zone that the client named. */
  readonly timeZone?: string | undefined;
  /** What the operation may cost at most, once it is known; see `cost.ts`. */
  cost?: number;
  /** The caller has shown the session of his viewer; else it was made for this request, and says nothing of him. */
  readonly knownSession?: boolean;
}

export interface OperationBudget {
  readonly executor: Pick<GraphExecutor, 'graphOf'>;
  readonly rates: RateLimits;
  /** What one operation may cost. */
  readonly costLimit: number;
}

/** How long an operation may take in all, in milliseconds; a subgraph that fails slowly must not be waited for twice. */
export const operationPatience = 15_000;

export const deadlineFromNow = (patienceMs = operationPatience): number => performance.now() + patienceMs;

export const operationRules = (
  metrics: GatewayMetrics,
  { executor, rates, costLimit }: OperationBudget,
): ApolloServerPlugin<OperationContext> => ({
  requestDidStart: () => {
    const started = performance.now();
    let known: string | null | undefined;
    const listener: GraphQLRequestListener<OperationContext> = {
      didResolveOperation: async ({ operation, document, contextValue, request, schema }) => {
        if (!operation) return;
        const field = unstorableText(request.variables);
        if (field !== undefined) throw unstorable(field);
        // Only a valid operation gives its name to the metrics.
        known = operation.name?.value ?? null;
        describeOperation(operation.operation, known);
        if (operation.operation === OperationTypeNode.SUBSCRIPTION)
          throw refused('Subscriptions are served over a WebSocket.');
        const graph = executor.graphOf(schema);
        contextValue.cost = graph.costOf(document, request.operationName, request.variables ?? {});
        checkCost(contextValue.cost, costLimit);
        const keyed =
          operation.operation === OperationTypeNode.MUTATION && contextValue.viewer.idempotencyKey !== null;
        if (keyed && rootFieldCount(document, operation) > 1) {
          throw refused(
            'Idempotency-Key: an operation with this header has one mutation; use the input field instead.',
          );
        }
        await rates.admit(askedBy(contextValue, rootFields(document, operation)));
      },
      willSendResponse: ({ request, response, errors }) => {
        const { http } = response;
        http.status = legacyStatus(http.status, request.http?.headers.get('accept'), errors ?? []);
        if (response.body.kind === 'single') {
          // The vendor's account of nulls that propagated; the errors say what is to be said.
          delete response.body.singleResult.extensions;
        }
        if (errors?.[0]) describeSpan({ 'error.type': codeOf(errors[0]) });
        metrics.request(
          known === undefined ? 'invalid' : known,
          outcomeOf((errors ?? []).map((error) => codeOf(error))),
          (performance.now() - started) / 1000,
        );
        return Promise.resolve();
      },
    };
    return Promise.resolve(listener);
  },
});

const describeOperation = (type: string, name: string | null): void => {
  const attributes = { 'graphql.operation.name': name ?? undefined, 'graphql.operation.type': type };
  describeSpan(attributes, `${type} ${name ?? 'anonymous'}`);
};

function checkCost(cost: number, limit: number): void {
  if (cost > limit) throw refused(`The operation may cost ${cost}, and ${limit} is the most.`);
}

/** BAD_USER_INPUT for text that no database takes. */
export const unstorable = ({ field, message }: UnstorableField): GraphQLError => {
  const extensions = { code: 'BAD_USER_INPUT', fields: [{ field, message }], http: { status: 400 } };
  return new GraphQLError(`${field}: ${message}`, { extensions });
};

const refused = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });

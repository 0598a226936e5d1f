// What the gateway adds to each operation over HTTP: the rules that a schema cannot state, and how long it took.
import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { GraphQLError, OperationTypeNode, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import type { GraphExecutor } from '../graph/executor.js';
import { describeSpan, type Viewer } from '@caregraph/runtime';
import type { AskedDocument, Documents } from '../documents/documents.js';
import { checkCost, type CostLimits } from '../limits/cost-limits.js';
import { askedBy, type RateLimits } from '../limits/rate-limits.js';
import type { Presence } from '../subgraph/presence.js';
import { legacyStatus } from './legacy-status.js';
import { rootFieldCount, rootFields } from './root-fields.js';
import { codeOf } from './masking.js';
import { validatable } from './root-conditions.js';
import { outcomeOf, type GatewayMetrics } from './metrics.js';
import { unstorableText, type UnstorableField } from './unstorable-text.js';

/** What travels with an operation to the data sources. */
export interface OperationContext {
  readonly viewer: Viewer;
  /** When nobody waits for the answer any more, in milliseconds of `performance.now()`. */
  readonly deadline: number;
  /** Whether he still waits; when he has gone, queries for him alone are given up, mutations never. */
  readonly left?: Presence;
  /** The IANA zone that the client named. */
  readonly timeZone?: string | undefined;
  /** What the operation may cost at most, once it is known; see `cost.ts`. */
  cost?: number;
  /** The caller has shown the session of his viewer; else it was made for this request, and says nothing of him. */
  readonly knownSession?: boolean;
  /** Where the document was named, and not merely sent. */
  readonly document?: AskedDocument | undefined;
}

/** Apollo Server reads the document again once its parsing was told of. */
interface Parsed {
  document: DocumentNode;
}

export interface OperationBudget {
  readonly executor: Pick<GraphExecutor, 'graphOf'>;
  readonly rates: RateLimits;
  readonly costLimits: CostLimits;
  readonly documents: Documents;
}

/** How long an operation may take in all, in milliseconds; a subgraph that fails slowly must not be waited for twice. */
export const operationPatience = 15_000;

const plainJson = 'application/json; charset=utf-8';

export const deadlineFromNow = (patienceMs = operationPatience): number => performance.now() + patienceMs;

export const operationRules = (
  metrics: GatewayMetrics,
  { executor, rates, costLimits, documents }: OperationBudget,
): ApolloServerPlugin<OperationContext> => ({
  requestDidStart: ({ request: asked, contextValue: { document: named } }) => {
    if (named) asked.query = named.text;
    delete asked.extensions?.persistedQuery;
    const started = performance.now();
    let known: string | null | undefined;
    const listener: GraphQLRequestListener<OperationContext> = {
      // Only a text that is seen for the first time is parsed.
      parsingDidStart: (request) =>
        Promise.resolve(() => {
          if (request.document) (request as Parsed).document = validatable(request.document);
          return Promise.resolve();
        }),
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
        checkCost(contextValue, costLimits);
        if (contextValue.viewer.idempotencyKey !== null) checkKeyed(document, operation);
        await rates.admit(askedBy(contextValue, rootFields(document, operation)));
        if (named) documents.remember(named, contextValue.viewer);
      },
      willSendResponse: ({ request, response, errors }) => {
        const { http } = response;
        const accept = request.http?.headers.get('accept');
        http.status = legacyStatus(http.status, accept, errors ?? []);
        if (response.body.kind === 'single') {
          // What nearly all ask for is not negotiated anew with each answer.
          if (accept === 'application/json' || accept === '*/*') http.headers.set('content-type', plainJson);
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

/** One key stands for one mutation. */
function checkKeyed(document: DocumentNode, operation: OperationDefinitionNode): void {
  if (operation.operation !== OperationTypeNode.MUTATION || rootFieldCount(document, operation) < 2) return;
  throw refused(
    'Idempotency-Key: an operation with this header has one mutation; use the input field instead.',
  );
}

/** BAD_USER_INPUT for text that no database takes. */
export const unstorable = ({ field, message }: UnstorableField): GraphQLError => {
  const extensions = { code: 'BAD_USER_INPUT', fields: [{ field, message }], http: { status: 400 } };
  return new GraphQLError(`${field}: ${message}`, { extensions });
};

const refused = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });

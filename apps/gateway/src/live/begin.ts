// Begins an operation that came over a socket or asks for a stream: a subscription goes to live updates, a query or
// mutation to where those over HTTP go, under the same rules.
import type { IncomingHttpHeaders } from 'node:http';
import { GraphQLError, type FormattedExecutionResult, type GraphQLFormattedError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { type Logger, type Viewer } from '@caregraph/runtime';
import type { Identify } from '../caller/identify.js';
import type { ErrorIds } from '../caller/request-id.js';
import { codeOf, maskedError } from '../operation/masking.js';
import type { Knowledge } from '../known/knowledge.js';
import type { GatewayMetrics } from '../operation/metrics.js';
import { unstorable } from '../operation/operation-rules.js';
import { unstorableText } from '../operation/unstorable-text.js';
import type { LiveUpdates } from './live-updates.js';
import type { Reader } from './subscription.js';
import type { SubscriptionPlans } from './subscription-plans.js';
import { beginSubscription, nameSubscription, type AskedSubscription } from './subscription-trace.js';

export type Payload = Pick<SubscribePayload, 'query' | 'operationName' | 'variables' | 'extensions'>;

/** Runs a query or mutation by all the rules that hold over HTTP. */
export type RunRequest = (payload: Payload, viewer: Viewer) => Promise<FormattedExecutionResult>;

export interface BeginOptions {
  readonly identify: Identify;
  /** Who tells that a caller's rights have changed; nobody where nobody is asked who he is. */
  readonly known?: Pick<Knowledge, 'follow'> | undefined;
  readonly plans: SubscriptionPlans;
  readonly updates: LiveUpdates;
  readonly run: RunRequest;
  readonly metrics: GatewayMetrics;
  readonly mask: Mask;
}

export interface Beginning {
  readonly payload: Payload;
  readonly viewer: Viewer;
  readonly headers: IncomingHttpHeaders;
  /** Why it may not begin. */
  readonly full?: GraphQLError | undefined;
  readonly reader: Reader;
}

/** An operation under way. */
export interface Running {
  stop(): void;
  /** The caller has a fresh token. */
  renew(viewer: Viewer): void;
}

export const notYet: Running = { stop: () => undefined, renew: () => undefined };

/** What a client may see of errors. */
export type Mask = (errors: readonly GraphQLFormattedError[], ids: ErrorIds) => GraphQLFormattedError[];

export const masking =
  (log: Logger, suggestions: boolean): Mask =>
  (errors, ids) =>
    errors.map((error) => {
      if (codeOf(error) === 'INTERNAL_SERVER_ERROR')
        log.error({ err: error, requestId: ids.requestId }, 'a live update failed');
      return maskedError(error, { ids, suggestions });
    });

/** Undefined when it is over at once: the reader was told why. */
export function begin(beginning: Beginning, options: BeginOptions): Running | undefined {
  const { payload, reader, headers, full } = beginning;
  const asked = beginSubscription(payload, { headers });
  const { trace, ids } = asked;
  try {
    if (full) throw full;
    if (options.plans.isRequest(payload.query, payload.operationName))
      return request(beginning, asked, options);
    const running = subscription(beginning, asked, options);
    trace.end();
    return running;
  } catch (error) {
    trace.fail(error);
    trace.end();
    reader.fail(options.mask([asGraphQLError(error)], ids));
    return undefined;
  }
}

function subscription(
  { payload, viewer, reader }: Beginning,
  { trace, ids }: AskedSubscription,
  { plans, updates }: BeginOptions,
): Running {
  const planned = plans.plan(payload.query, payload.operationName);
  const variables = payload.variables ?? {};
  plans.checkVariables(planned, variables);
  plans.checkPermitted(planned, viewer, variables);
  const field = unstorableText(variables);
  if (field !== undefined) throw unstorable(field);
  nameSubscription(trace, planned);
  const live = trace.run(() =>
    updates.subscribe({
      planned,
      variables,
      viewer: { ...viewer, requestId: ids.requestId },
      ids,
      traceparent: trace.traceparent,
      reader,
    }),
  );
  return {
    stop: () => {
      updates.leave(live);
    },
    renew: (renewed) => {
      updates.renew(live, renewed);
    },
  };
}

function request(
  { payload, viewer, reader }: Beginning,
  { trace, ids }: AskedSubscription,
  { run, mask }: BeginOptions,
): Running {
  void trace
    .run(() => run(payload, { ...viewer, requestId: ids.requestId }))
    .then(
      (result) => {
        reader.next(JSON.stringify(result));
        reader.complete();
      },
      (error: unknown) => {
        trace.fail(error);
        reader.fail(mask([asGraphQLError(error)], ids));
      },
    )
    .finally(() => {
      trace.end();
    });
  return notYet;
}

const asGraphQLError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError('The subscription failed.', { originalError: error as Error });

// Clients' sockets (graphql-transport-ws): who they are is settled in the first message, and ends with their token.
import type { Server } from 'node:http';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Context, SubscribePayload } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Logger } from '@caregraph/runtime';
import { sessionHeader } from '../caller/anonymous-session.js';
import { TokenRejected } from '../caller/access-token.js';
import { requestIdOf, type ErrorIds } from '../caller/request-id.js';
import { originAllowed } from '../caller/origins.js';
import type { Caller, Identify } from '../caller/identify.js';
import { codeOf, maskedError } from '../operation/masking.js';
import type { GatewayMetrics } from '../operation/metrics.js';
import type { LiveSubscription, LiveUpdates } from './live-updates.js';
import type { PlannedSubscription, SubscriptionPlans } from './subscription-plans.js';
import { beginSubscription, nameSubscription, type AskedSubscription } from './subscription-trace.js';
import { SubscriptionRefused } from './upstream.js';

export interface LiveSocketOptions {
  readonly server: Server;
  readonly origins: readonly string[];
  readonly identify: Identify;
  readonly plans: SubscriptionPlans;
  readonly updates: LiveUpdates;
  readonly metrics: GatewayMetrics;
  readonly suggestions: boolean;
  readonly log: Logger;
}

/** A client shows a page; a hundred subscriptions on one socket are a fault or an attack. */
const mostSubscriptions = 50;

/** Timers count in 32 bits of milliseconds; a token that lives longer is looked at again. */
const longestTimer = 2_147_483_647;

interface Known {
  caller: Caller;
  expiry: NodeJS.Timeout | undefined;
}
type Socket = Context<Record<string, unknown> | undefined, Extra & Partial<Known>>;

/** Serves them on `/graphql`; returns how to end it (code 1001, clients come back elsewhere). */
export function serveLiveSockets(options: LiveSocketOptions): () => Promise<void> {
  const { plans, updates, metrics } = options;
  const sockets = new WebSocketServer({
    server: options.server,
    path: '/graphql',
    maxPayload: 1_048_576,
    verifyClient: ({ req }: { req: Parameters<typeof originAllowed>[0] }) =>
      originAllowed(req, options.origins),
  });
  sockets.on('connection', (socket) => {
    metrics.sockets.inc();
    socket.once('close', () => { metrics.sockets.dec(); }); // prettier-ignore
  });
  const asked = new WeakMap<object, ErrorIds>();
  const served = useServer<Record<string, unknown> | undefined, Partial<Known>>(
    {
      onConnect: (socket) => admit(socket, options),
      onClose: ({ extra }) => {
        clearTimeout(extra.expiry);
      },
      onSubscribe: (socket, _id, payload) => {
        const { ids, trace } = beginSubscription(payload, socket.extra.request);
        asked.set(payload, ids);
        try {
          const planned = planFor(socket, payload, plans);
          const { document, operationName } = planned;
          const contextValue = subscriptionOf(socket, payload, { planned, ids, trace });
          return { schema: plans.schema, document, operationName, contextValue };
        } catch (error) {
          trace.fail(error);
          trace.end();
          return [asGraphQLError(error)];
        }
      },
      subscribe: async ({ contextValue }) => {
        const { trace, ...subscription } = contextValue as TracedSubscription;
        try {
          return counted(await trace.run(() => updates.subscribe(subscription)), metrics);
        } catch (error) {
          trace.fail(error);
          // Thrown on, it would close the socket with all its other subscriptions.
          return { errors: [asGraphQLError(error)] };
        } finally {
          trace.end();
        }
      },
      onNext: (_socket, _id, payload, _args, result) => {
        metrics.liveEvent(result.errors ? 'error' : 'ok');
        const data = result.data ?? null;
        return result.errors
          ? { data, errors: masked(result.errors, asked.get(payload), options) }
          : { data };
      },
      onError: (_socket, _id, payload, errors) => masked(errors.flatMap(told), asked.get(payload), options),
    },
    sockets,
  );
  return async () => {
    await served.dispose();
  };
}

type Payload = Pick<SubscribePayload, 'query' | 'operationName' | 'variables'>;
type TracedSubscription = LiveSubscription & Pick<AskedSubscription, 'trace'>;

function planFor(
  { subscriptions, extra }: Socket,
  payload: Payload,
  plans: SubscriptionPlans,
): PlannedSubscription {
  if (Object.keys(subscriptions).length > mostSubscriptions) throw tooMany();
  const planned = plans.plan(payload.query, payload.operationName);
  plans.checkVariables(planned, payload.variables ?? {});
  if (extra.caller) plans.checkPermitted(planned, extra.caller.viewer, payload.variables ?? {});
  return planned;
}

function subscriptionOf(
  { extra }: Socket,
  { variables }: Payload,
  { planned, ids, trace }: AskedSubscription & { readonly planned: PlannedSubscription },
): TracedSubscription {
  if (!extra.caller) throw new Error('A socket without a caller.');
  nameSubscription(trace, planned);
  const viewer = { ...extra.caller.viewer, requestId: ids.requestId };
  return { planned, variables: variables ?? {}, viewer, traceparent: trace.traceparent, trace };
}

/** False closes the socket with 4403, for each kind of bad token alike. */
async function admit(
  { connectionParams = {}, extra }: Socket,
  options: LiveSocketOptions,
): Promise<boolean | Record<string, unknown>> {
  const given = Object.fromEntries(
    Object.entries(connectionParams).map(([name, value]) => [name.toLowerCase(), value]),
  );
  try {
    extra.caller = await options.identify({
      authorization: given.authorization,
      session: given[sessionHeader],
      requestId: requestIdOf(extra.request.headers),
      request: extra.request,
    });
  } catch (error) {
    // 1013: try again later; the caller's token may be as good as any.
    if (!(error instanceof TokenRejected)) extra.socket.close(1013, 'Try again in a moment');
    return false;
  }
  closeAtExpiry(extra, extra.caller.expiresAt);
  const { issuedSession } = extra.caller;
  return issuedSession === null ? true : { [sessionHeader]: issuedSession };
}

function closeAtExpiry(extra: Socket['extra'], expiresAt: Date | null): void {
  if (!expiresAt) return;
  const remaining = expiresAt.getTime() - Date.now();
  extra.expiry = setTimeout(
    () => {
      if (Date.now() >= expiresAt.getTime()) extra.socket.close(4403, 'The token expired');
      else closeAtExpiry(extra, expiresAt);
    },
    Math.min(Math.max(remaining, 0), longestTimer),
  );
}

function masked(
  errors: readonly GraphQLFormattedError[],
  ids: ErrorIds | undefined,
  { log, suggestions }: LiveSocketOptions,
): GraphQLFormattedError[] {
  const { requestId } = ids ?? unknown;
  return errors.map((error) => {
    if (codeOf(error) === 'INTERNAL_SERVER_ERROR')
      log.error({ err: error, requestId }, 'a live update failed');
    return maskedError(error, { ids: ids ?? unknown, suggestions });
  });
}

const unknown: ErrorIds = { requestId: 'unknown' };

/** The library wraps what a stream throws; inside are our own error, or the subgraph's refusals. */
function told(error: GraphQLError): readonly GraphQLFormattedError[] {
  const { originalError } = error;
  if (originalError instanceof SubscriptionRefused) return originalError.errors;
  return [originalError instanceof GraphQLError ? originalError : error];
}

const asGraphQLError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError('The subscription failed.', { originalError: error as Error });

const tooMany = (): GraphQLError =>
  new GraphQLError(`A socket carries at most ${mostSubscriptions} subscriptions.`, {
    extensions: { code: 'TOO_MANY_REQUESTS' },
  });

/** Counts a subscription for as long as it is read. */
function counted<Value>(
  events: AsyncIterableIterator<Value, undefined>,
  metrics: GatewayMetrics,
): AsyncIterableIterator<Value, undefined> {
  metrics.subscriptions.inc();
  let counting = true;
  const end = (): void => {
    if (counting) metrics.subscriptions.dec();
    counting = false;
  };
  return {
    next: async () => {
      try {
        const step = await events.next();
        if (step.done === true) end();
        return step;
      } catch (error) {
        end();
        throw error;
      }
    },
    return: async () => {
      end();
      await events.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

// Subscriptions of one subgraph over graphql-transport-ws. The gateway proves who is asking once for the socket and
// afresh for each subscription, since one socket carries many viewers.
import type { Server } from 'node:http';
import {
  execute,
  GraphQLError,
  parse,
  subscribe,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
} from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { unauthenticated } from './errors.js';
import { maskedErrors, maskedResult } from './masking.js';
import { continueTrace, span, type Logger, type Viewer, type ViewerVerifier } from '@caregraph/runtime';
import type { RequestDeps } from './deps.js';

interface Options<Deps extends RequestDeps> {
  readonly server: Server;
  readonly schema: GraphQLSchema;
  readonly verify: ViewerVerifier;
  readonly depsOf: (viewer: Viewer) => Deps;
  readonly log?: Logger;
}

/** What the viewer token of a subscription is bound to: the operation and its variables, in this order. */
export const subscriptionBody = (payload: { readonly query: string; readonly variables?: unknown }): string =>
  JSON.stringify([payload.query, payload.variables ?? {}]);

/** How long a client may take to say goodbye, in milliseconds. */
const goodbyePatience = 5_000;

/** Serves them on `/graphql` of the same port; returns how to end it (code 1001, clients come back elsewhere). */
export function serveSubscriptions<Deps extends RequestDeps>(options: Options<Deps>): () => Promise<void> {
  const { schema, verify, log } = options;
  const sockets = new WebSocketServer({ server: options.server, path: '/graphql', maxPayload: 1_048_576 });
  const open = new WeakMap<object, { readonly requestId: string; readonly left: AbortController }>();
  const served = useServer(
    {
      schema,
      execute,
      subscribe: (args) => subscribeInTrace(args as SubscribingArguments),
      onConnect: ({ connectionParams }) =>
        verify(textOf(connectionParams?.viewer), '').then(
          () => true,
          () => false,
        ),
      onSubscribe: async (_context, _id, payload) => {
        // Returned and not thrown: a thrown fault would end the socket, which carries the subscriptions of many viewers.
        const viewer = await verify(
          textOf((payload.extensions as { viewer?: unknown } | null | undefined)?.viewer),
          subscriptionBody(payload),
        ).catch(() => undefined);
        if (!viewer) return [unauthenticated()];
        const left = new AbortController();
        open.set(payload, { requestId: viewer.requestId, left });
        const document = parsed(payload.query);
        if (document instanceof GraphQLError) return [document];
        const faults = validate(schema, document);
        if (faults.length > 0) return faults;
        return {
          schema,
          document,
          variableValues: payload.variables ?? {},
          operationName: payload.operationName,
          contextValue: { ...options.depsOf(viewer), left: left.signal },
          traceparent: textOf((payload.extensions as { traceparent?: unknown }).traceparent),
        };
      },
      onOperation: (_context, _id, payload, _args, result) => {
        const left = open.get(payload)?.left;
        if (left && 'return' in result) tellWhoWaits(result as AsyncGenerator, left);
      },
      onNext: (_context, _id, _payload, args, result) =>
        maskedResult(result, (args.contextValue as RequestDeps).requestId, log),
      onError: (_context, _id, payload, errors) =>
        maskedErrors(errors, open.get(payload)?.requestId ?? 'unknown', log),
    },
    sockets,
  );
  return async () => {
    const stragglers = setTimeout(() => {
      for (const socket of sockets.clients) socket.terminate();
    }, goodbyePatience);
    await served.dispose();
    clearTimeout(stragglers);
  };
}

/** What graphql-js is called with, and the trace of who asked, which the gateway sent beside the viewer. */
type SubscribingArguments = ExecutionArgs & { readonly traceparent?: string | undefined };

/** The beginning of a subscription, until it has its source; it may go on for hours. */
const subscribeInTrace = (args: SubscribingArguments): ReturnType<typeof subscribe> =>
  continueTrace(args.traceparent, () =>
    span(
      `subscribe ${args.operationName ?? 'anonymous'}`,
      { 'graphql.operation.name': args.operationName ?? undefined },
      async () => {
        const result = await subscribe(args);
        if ('next' in result) keepInTrace(result, args.traceparent);
        return result;
      },
      { kind: 'server' },
    ),
  );

/** What is logged while an event is made belongs to the subscription's trace. */
function keepInTrace(events: AsyncGenerator, traceparent: string | undefined): void {
  const next = events.next.bind(events);
  events.next = (...args) => continueTrace(traceparent, () => next(...args));
}

/** `return()` does not reach a generator that waits for its next event: it would wait, and be kept, for ever. */
function tellWhoWaits(events: AsyncGenerator, left: AbortController): void {
  const end = events.return.bind(events);
  events.return = (value) => {
    left.abort();
    return end(value);
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    return error instanceof GraphQLError ? error : new GraphQLError('The document cannot be read.');
  }
}

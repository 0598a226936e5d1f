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
  type GraphQLSchema,
} from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { unauthenticated } from './errors.js';
import { maskedResult } from './masking.js';
import type { Viewer, ViewerVerifier } from '@caregraph/runtime';
import type { RequestDeps } from './deps.js';

interface Options<Deps extends RequestDeps> {
  readonly server: Server;
  readonly schema: GraphQLSchema;
  readonly verify: ViewerVerifier;
  readonly depsOf: (viewer: Viewer) => Deps;
}

/** What the viewer token of a subscription is bound to: the operation and its variables, in this order. */
export const subscriptionBody = (payload: { readonly query: string; readonly variables?: unknown }): string =>
  JSON.stringify([payload.query, payload.variables ?? {}]);

/** Serves them on `/graphql` of the same port; returns how to end it (code 1001, clients come back elsewhere). */
export function serveSubscriptions<Deps extends RequestDeps>(options: Options<Deps>): () => Promise<void> {
  const sockets = new WebSocketServer({ server: options.server, path: '/graphql', maxPayload: 1_048_576 });
  const served = useServer(
    {
      schema: options.schema,
      execute,
      subscribe,
      onConnect: async ({ connectionParams }) => {
        try {
          await options.verify(textOf(connectionParams?.viewer), '');
          return true;
        } catch {
          return false;
        }
      },
      onSubscribe: async (_context, _id, payload) => {
        const variables = payload.variables ?? {};
        const token = textOf((payload.extensions as { viewer?: unknown } | null | undefined)?.viewer);
        // Returned and not thrown: a thrown fault would end the socket, which carries the subscriptions of many viewers.
        const viewer = await options
          .verify(token, subscriptionBody({ query: payload.query, variables }))
          .catch(() => undefined);
        if (!viewer) return [unauthenticated()];
        const document = parsed(payload.query);
        if (document instanceof GraphQLError) return [document];
        const faults = validate(options.schema, document);
        if (faults.length > 0) return faults;
        const deps = options.depsOf(viewer);
        return {
          schema: options.schema,
          document,
          variableValues: variables,
          operationName: payload.operationName,
          contextValue: deps,
        };
      },
      onNext: (_context, _id, _payload, args, result) =>
        maskedResult(result, (args.contextValue as RequestDeps).requestId),
    },
    sockets,
  );
  return async () => {
    await served.dispose();
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

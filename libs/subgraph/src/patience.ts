// How long the gateway waits, and whether it still does. A request whose time is over is answered UNAVAILABLE and not
// worked off: what waits in lines for nobody would make everybody else wait too.
import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OperationTypeNode } from 'graphql';
import { currentPatience, Patience, withPatience } from '@caregraph/runtime';
import { refuse } from './caller.js';
import { unavailable } from './errors.js';

/** Milliseconds that the caller waits from when he sent the request. */
const timeLeftHeader = 'x-caregraph-timeout-ms';

/** Where the gateway does not say: longer than it ever waits. */
const patienceMs = 30_000;

/** Registered after `requireViewer`, so that nobody else's word on it is taken. */
export function honourPatience(graph: FastifyInstance): void {
  graph.addHook('preValidation', (request, reply, done) => {
    const patience = new Patience(signalOf(request, reply));
    if (patience.isOver)
      void refuse(reply, 503, 'UNAVAILABLE', 'There was no time left.', request.viewer?.requestId);
    else withPatience(patience, done);
  });
}

/** Never aborts once the answer is out: what a request set going beside it is nobody's wait. */
function signalOf({ headers }: FastifyRequest, reply: FastifyReply): AbortSignal {
  const over = new AbortController();
  const told = Number(headers[timeLeftHeader] ?? patienceMs);
  const left = Math.min(Number.isFinite(told) ? told : patienceMs, patienceMs) - reply.elapsedTime;
  if (left <= 0 || reply.raw.destroyed) {
    over.abort();
    return over.signal;
  }
  const timer = setTimeout(() => {
    over.abort();
  }, left);
  reply.raw.once('close', () => {
    clearTimeout(timer);
    if (!reply.raw.writableFinished) over.abort();
  });
  return over.signal;
}

/** The last look before an operation begins, and what kind it is. */
export const patiencePlugin: ApolloServerPlugin = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ operation }) => {
        const patience = currentPatience();
        if (!patience || !operation) return Promise.resolve();
        patience.writes = operation.operation === OperationTypeNode.MUTATION;
        if (patience.isOver) throw unavailable('There was no time left.');
        return Promise.resolve();
      },
    }),
};

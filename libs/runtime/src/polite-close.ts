// How an HTTP server takes leave of clients that keep connections open. To close such a connection just when its client
// sends the next request on it fails that request, and a mutation may not be sent again: so clients are told to close,
// and get the time to.
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Closing } from './shutdown.js';

/** Milliseconds that clients get. The gateway uses no connection to a subgraph that has rested for longer than 3 s. */
export const defaultDrainMs = 5_000;
/** How often is looked whether all are gone, milliseconds. */
const lookEvery = 50;

/** From now on each answer of a server that is closing ends its connection. */
export function sayGoodbye(server: FastifyInstance, closing: Pick<Closing, 'closing'>): void {
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing.closing) void reply.header('connection', 'close');
    done();
  });
}

/** To be closed before the server itself: it goes on answering until all connections are gone, for `drainMs` at most. */
export async function untilAllHaveLeft(server: FastifyInstance, drainMs: number): Promise<void> {
  const end = performance.now() + drainMs;
  while (performance.now() < end && (await connectionsOf(server)) > 0) await pause(lookEvery);
}

const connectionsOf = ({ server }: FastifyInstance): Promise<number> =>
  new Promise((resolve, reject) => {
    server.getConnections((error, count) => {
      if (error) reject(error);
      else resolve(count);
    });
  });

// Clients' sockets (graphql-transport-ws): from which page they may come, how many there may be, whether they still
// live, and how they are closed when this process stops.
import type { IncomingMessage, Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, CloseCode } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Presented } from '../caller/identify.js';
import type { BeginOptions } from './begin.js';
import { ClientSocket } from './client-socket.js';
import { turnedAway, type Door } from './may-connect.js';

export interface LiveSocketOptions extends BeginOptions {
  readonly server: Server;
  readonly door: Door;
  /** Whether this process is on its way out. */
  readonly closing: () => boolean;
}

type Answer = (
  may: boolean,
  status?: number,
  message?: string,
  headers?: Readonly<Record<string, string>>,
) => void;

/** How often each socket is asked for a sign of life, in milliseconds. */
const pingEvery = 12_000;

/** Closing all takes at most so many milliseconds, one for each; clients must not all come back at once. */
const longestDrain = 3_000;

/** Serves them on `/graphql`; returns how to end it (code 1001, clients come back elsewhere). */
export function serveLiveSockets(options: LiveSocketOptions): () => Promise<void> {
  const open = new Map<WebSocket, ClientSocket>();
  const sockets = new WebSocketServer({
    server: options.server,
    path: '/graphql',
    maxPayload: 1_048_576,
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols: (offered) =>
      offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false,
    verifyClient: ({ req }: { req: IncomingMessage }, answer: Answer) => {
      turnedAway(req, options.door).then(
        (away) => {
          if (away) answer(false, away.status, undefined, away.headers);
          else answer(true);
        },
        () => {
          answer(false, 500);
        },
      );
    },
  });
  sockets.on('connection', (socket, request) => {
    if (socket.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL) {
      socket.close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable');
      return;
    }
    if (open.size >= options.updates.quota.limits.connections) {
      options.metrics.liveCut('full');
      socket.close(1013, 'Too many connections; try again in a moment');
      return;
    }
    if (options.closing()) {
      socket.close(1001, 'Going away');
      return;
    }
    open.set(socket, new ClientSocket(socket, keptOf(request), options));
    options.metrics.sockets.inc();
    socket.once('close', () => {
      open.delete(socket);
      options.metrics.sockets.dec();
    });
  });
  const pinging = setInterval(() => {
    for (const client of open.values()) client.ping();
  }, pingEvery);
  return async () => {
    clearInterval(pinging);
    await drain(open);
    options.updates.close();
    sockets.close();
  };
}

async function drain(open: ReadonlyMap<WebSocket, ClientSocket>): Promise<void> {
  const within = Math.min(longestDrain, open.size);
  await Promise.all(
    [...open].map(async ([socket, client]) => {
      await pause(Math.random() * within);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      if (socket.readyState === socket.CLOSED) return;
      client.close(1001, 'Going away');
      await closed;
    }),
  );
}

/** Of thousands of sockets, each would keep all of the headers that opened it. */
function keptOf({ socket, headers }: IncomingMessage): Presented['request'] {
  const kept = ['user-agent', 'x-forwarded-for', 'x-request-id', 'traceparent'].flatMap((name) =>
    headers[name] === undefined ? [] : [[name, headers[name]] as const],
  );
  return { socket, headers: Object.fromEntries(kept) };
}

// The supervisor's own small door, for tests in other processes: stop, start, restart or kill one app.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { timingSafeEqual } from 'node:crypto';
import type { StoredSpan } from './collector.js';

export interface Controls {
  kill(app: string, signal: NodeJS.Signals): void;
  restart(app: string): Promise<void>;
  stopApp(app: string): Promise<void>;
  startApp(app: string): Promise<void>;
  waitReady(app?: string): Promise<void>;
  /** Ends PostgreSQL at once, without a checkpoint; the apps go on without it. */
  stopPostgres(): Promise<void>;
  startPostgres(): Promise<void>;
  /** Ends the stack's own Kafka broker with -9; nothing where there is none. */
  killBroker(): Promise<void>;
  startBroker(): Promise<void>;
}

export interface ControlPort {
  readonly url: string;
  close(): Promise<void>;
}

type Action = (controls: Controls, app: string, signal: NodeJS.Signals) => unknown;

const actions: Readonly<Record<string, Action>> = {
  kill: (controls, app, signal) => {
    controls.kill(app, signal);
  },
  restart: (controls, app) => controls.restart(app),
  stop: (controls, app) => controls.stopApp(app),
  start: (controls, app) => controls.startApp(app),
  ready: (controls, app) => controls.waitReady(app === '' ? undefined : app),
  'stop-postgres': (controls) => controls.stopPostgres(),
  'start-postgres': (controls) => controls.startPostgres(),
  'kill-broker': (controls) => controls.killBroker(),
  'start-broker': (controls) => controls.startBroker(),
};

/** The spans that are kept, of one trace or of all. */
type ReadSpans = (traceId?: string) => readonly StoredSpan[];

interface Door {
  readonly controls: Controls;
  readonly token: string;
  readonly spans: ReadSpans;
}

/**
 * Listens on loopback; every request needs the token. `POST /<action>?app=<app>&signal=<signal>`, and
 * `GET /spans?trace=<id>` for what the stack's collector keeps.
 */
export async function openControlPort(
  controls: Controls,
  token: string,
  spans: ReadSpans,
): Promise<ControlPort> {
  const server = createServer((request, response) => {
    void answer({ controls, token, spans }, request).then(({ status, text }) => {
      response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve();
    });
  });
  server.unref();
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => closed(server) };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function answer(door: Door, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (!same(request.headers.authorization ?? '', `Bearer ${door.token}`))
    return { status: 401, text: 'The token is wrong.' };
  if (request.method === 'GET' && url.pathname === '/spans')
    return { status: 200, text: JSON.stringify(door.spans(url.searchParams.get('trace') ?? undefined)) };
  const action = actions[url.pathname.slice(1)];
  if (request.method !== 'POST' || !action) return { status: 404, text: 'No such action.' };
  return act(action, door.controls, url.searchParams);
}

async function act(action: Action, controls: Controls, parameters: URLSearchParams): Promise<Answer> {
  try {
    await action(
      controls,
      parameters.get('app') ?? '',
      (parameters.get('signal') ?? 'SIGKILL') as NodeJS.Signals,
    );
    return { status: 200, text: 'done' };
  } catch (error) {
    return { status: 409, text: error instanceof Error ? error.message : String(error) };
  }
}

const same = (given: string, expected: string): boolean =>
  given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

// Clients that listen to live updates of a gateway under test.
import { createClient, type Client } from 'graphql-ws/client';
import { WebSocket } from 'ws';
import type { RunningGateway } from './running-gateway.js';

export const changes =
  'subscription Changes($id: ID) { appointmentChanged(id: $id) { status note payment { status amountMinor } } }';

export interface Listening {
  readonly client: Client;
  readonly events: { readonly data?: unknown; readonly errors?: unknown; readonly extensions?: unknown }[];
  /** Resolves with the close code, or with the errors that ended the operation, or with `complete`. */
  readonly ended: Promise<unknown>;
  /** The socket itself. */
  socket(): WebSocket;
  stop(): void;
}

export interface ListenOptions {
  readonly connectionParams?: Record<string, unknown>;
  readonly query?: string;
  /** In the place of the text, which is then empty. */
  readonly documentId?: string;
  readonly extensions?: Record<string, unknown>;
  readonly variables?: Record<string, unknown>;
}

export class LiveClients {
  private readonly clients: Client[] = [];

  listen(gateway: Pick<RunningGateway, 'socketUrl'>, options: ListenOptions = {}): Listening {
    const {
      connectionParams = {},
      query = changes,
      variables = { id: 'a1' },
      documentId,
      extensions,
    } = options;
    const events: Listening['events'] = [];
    let opened: unknown;
    const client = createClient({
      url: gateway.socketUrl,
      webSocketImpl: WebSocket,
      connectionParams,
      retryAttempts: 0,
      on: { opened: (socket) => void (opened = socket) },
    });
    this.clients.push(client);
    let stop = (): void => undefined;
    const ended = new Promise((resolve) => {
      stop = client.subscribe(
        { query, variables, ...(documentId ? { documentId } : {}), ...(extensions ? { extensions } : {}) },
        {
          next: (event) => events.push(event),
          error: (reason) => {
            resolve(Array.isArray(reason) ? reason : (reason as { code?: number }).code);
          },
          complete: () => {
            resolve('complete');
          },
        },
      );
    });
    return { client, events, ended, socket: () => opened as WebSocket, stop: () => { stop(); } }; // prettier-ignore
  }

  /** Resolves once the gateway has answered another operation on the socket, and so has begun those before it. */
  async answered({ client }: Listening): Promise<unknown> {
    for await (const answer of client.iterate({ query: '{ __typename }' })) return answer;
    return undefined;
  }

  async dispose(): Promise<void> {
    for (const client of this.clients.splice(0)) await client.dispose();
  }
}

export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('It did not come about within ten seconds.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

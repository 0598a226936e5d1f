// The socket to one subgraph that all subscriptions of its fields share. It opens with the first and closes with the
// last; when it is lost, each of them ends with UNAVAILABLE, and clients subscribe anew and get the present state.
import { createClient, type Client } from 'graphql-ws/client';
import { WebSocket } from 'ws';
import type { FormattedExecutionResult } from 'graphql';
import { signViewer, traceparent, type Logger, type Viewer, type ViewerKey } from '@caregraph/runtime';
import { subscriptionBody, unavailable } from '@caregraph/subgraph';
import type { UpstreamRequest } from '../graph/plan-steps.js';
import { EventStream } from './event-stream.js';

export interface UpstreamOptions {
  /** The name in the supergraph, which is also the audience of its viewer tokens. */
  readonly name: string;
  readonly url: URL;
  /** None where the gateway runs without authentication, for development. */
  readonly keys: Iterable<ViewerKey> | undefined;
  readonly log: Logger;
}

/** How long a subgraph may take to accept a socket, and to answer a ping, in milliseconds. */
const patience = 10_000;

/** The gateway itself, which may open a socket and nothing else: each subscription proves its own viewer. */
const nobody: Viewer = {
  account: null,
  memberships: [],
  scopes: [],
  amr: [],
  authTime: null,
  sid: null,
  ip: null,
  requestId: 'gateway',
  idempotencyKey: null,
  userAgent: null,
};

class PatientWebSocket extends WebSocket {
  constructor(address: string | URL, protocols?: string | string[]) {
    super(address, protocols, { handshakeTimeout: patience });
  }
}

export class Upstream {
  private readonly client: Client;

  constructor(private readonly options: UpstreamOptions) {
    this.client = connect(options);
  }

  async subscribe(request: UpstreamRequest, viewer: Viewer): Promise<EventStream<FormattedExecutionResult>> {
    const { name, keys, log } = this.options;
    const { query, variables, operationName } = request;
    const body = subscriptionBody({ query, variables });
    const told = await viewerToken(viewer, { audience: name, body, keys });
    const trace = traceparent();
    return new EventStream(
      (sink) =>
        this.client.subscribe(
          {
            query,
            variables,
            operationName,
            extensions: { ...told, ...(trace === undefined ? {} : { traceparent: trace }) },
          },
          {
            next: (result) => {
              sink.next(result as FormattedExecutionResult);
            },
            complete: () => {
              sink.complete();
            },
            error: (reason) => {
              log.warn(
                { err: reason, subgraph: name, requestId: viewer.requestId },
                'a subscription was lost',
              );
              // A list of errors is the subgraph's refusal; all else speaks of the connection.
              sink.error(Array.isArray(reason) ? new SubscriptionRefused(reason) : lost());
            },
          },
        ),
      lost,
    );
  }

  async close(): Promise<void> {
    await this.client.dispose();
  }
}

/** The subgraph's own errors for a subscription that it does not serve. */
export class SubscriptionRefused extends Error {
  override readonly name = 'SubscriptionRefused';
  constructor(readonly errors: NonNullable<FormattedExecutionResult['errors']>) {
    super('The subgraph refused the subscription.');
  }
}

/** What a subgraph is told of a viewer. */
const viewerToken = async (
  viewer: Viewer,
  { audience, body, keys }: { audience: string; body: string; keys: UpstreamOptions['keys'] },
): Promise<{ viewer?: string }> =>
  keys ? { viewer: await signViewer(viewer, { audience, body, keys }) } : {};

const lost = (): Error => unavailable('The live update was interrupted. Subscribe again.');

function connect({ name, url, keys }: UpstreamOptions): Client {
  const address = new URL(url);
  address.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  let unanswered: NodeJS.Timeout | undefined;
  const client = createClient({
    url: address.href,
    webSocketImpl: PatientWebSocket,
    connectionParams: () => viewerToken(nobody, { audience: name, body: '', keys }),
    connectionAckWaitTimeout: patience,
    // A silent reconnect would hide missed events, and would send a viewer token a second time.
    retryAttempts: 0,
    keepAlive: patience,
    on: {
      // A peer that vanished without a word would otherwise be listened to for ever.
      ping: (received) => {
        if (!received) unanswered = setTimeout(() => { client.terminate(); }, patience); // prettier-ignore
      },
      pong: (received) => {
        if (received) clearTimeout(unanswered);
      },
      closed: () => {
        clearTimeout(unanswered);
      },
    },
  });
  return client;
}

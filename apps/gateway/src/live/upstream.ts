// The socket to one subgraph that all subscriptions of its fields share. It opens with the first and closes with the
// last; when it is lost, each of them is told, and decides itself whether to come back.
import { createClient, type Client } from 'graphql-ws/client';
import { WebSocket } from 'ws';
import type { GraphQLFormattedError } from 'graphql';
import {
  currentTraceId,
  signViewer,
  traceparent,
  type Logger,
  type Viewer,
  type ViewerKey,
} from '@caregraph/runtime';
import { subscriptionBody } from '@caregraph/subgraph';
import { nobody } from '../caller/nobody.js';
import type { UpstreamRequest } from '../graph/plan-steps.js';
import { codeOf } from '../operation/masking.js';

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
const gateway = nobody('gateway');

class PatientWebSocket extends WebSocket {
  constructor(address: string | URL, protocols?: string | string[]) {
    super(address, protocols, { handshakeTimeout: patience });
  }
}

export interface UpstreamSink {
  next(event: unknown): void;
  /** The subgraph does not serve it. */
  refused(errors: readonly GraphQLFormattedError[]): void;
  /** @param wasOpen whether there was a connection at all. */
  lost(wasOpen: boolean): void;
  complete(): void;
}

export class Upstream {
  private readonly client: Client;
  private connections = 0;
  private isOpen = false;

  constructor(private readonly options: UpstreamOptions) {
    this.client = connect(options);
    this.client.on('connected', () => {
      this.connections += 1;
      this.isOpen = true;
    });
    this.client.on('closed', () => {
      this.isOpen = false;
    });
  }

  /** Begins to listen; returns how to stop, which may come before it has begun. */
  subscribe(request: UpstreamRequest, viewer: Viewer, sink: UpstreamSink): () => void {
    const left = new AbortController();
    this.listen(request, viewer, { sink, left: left.signal }).catch((error: unknown) => {
      this.options.log.warn({ err: error, subgraph: this.options.name }, 'a subscription could not begin');
      if (!left.signal.aborted) sink.lost(false);
    });
    return () => {
      left.abort();
    };
  }

  async close(): Promise<void> {
    await this.client.dispose();
  }

  private async listen(
    { query, variables, operationName }: UpstreamRequest,
    viewer: Viewer,
    { sink, left }: { readonly sink: UpstreamSink; readonly left: AbortSignal },
  ): Promise<void> {
    const { name, keys, log } = this.options;
    const trace = traceparent();
    // The socket's messages come in the trace of whoever opened it.
    const about = { subgraph: name, requestId: viewer.requestId, traceId: currentTraceId() };
    const body = subscriptionBody({ query, variables });
    const told = await viewerToken(viewer, { audience: name, body, keys });
    if (left.aborted) return;
    const before = this.connections;
    const wasOpen = this.isOpen;
    const extensions = { ...told, ...(trace === undefined ? {} : { traceparent: trace }) };
    const stop = this.client.subscribe(
      { query, variables, operationName, extensions },
      {
        next: (result) => {
          sink.next(result);
        },
        complete: () => {
          sink.complete();
        },
        error: (reason) => {
          // A list of errors is the subgraph's refusal; all else speaks of the connection.
          if (Array.isArray(reason)) {
            const refusal = reason as GraphQLFormattedError[];
            log.info({ ...about, code: refusal[0] && codeOf(refusal[0]) }, 'a subscription was refused');
            sink.refused(refusal);
            return;
          }
          log.warn({ ...about, err: reason }, 'a subscription was lost');
          sink.lost(wasOpen || this.connections > before);
        },
      },
    );
    left.addEventListener('abort', stop, { once: true });
  }
}

/** What a subgraph is told of a viewer. */
const viewerToken = async (
  viewer: Viewer,
  { audience, body, keys }: { audience: string; body: string; keys: UpstreamOptions['keys'] },
): Promise<{ viewer?: string }> =>
  keys ? { viewer: await signViewer(viewer, { audience, body, keys }) } : {};

function connect({ name, url, keys }: UpstreamOptions): Client {
  const address = new URL(url);
  address.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  let unanswered: NodeJS.Timeout | undefined;
  const client = createClient({
    url: address.href,
    webSocketImpl: PatientWebSocket,
    connectionParams: () => viewerToken(gateway, { audience: name, body: '', keys }),
    connectionAckWaitTimeout: patience,
    // A reconnect in here would hide missed events, and would send a viewer token a second time.
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

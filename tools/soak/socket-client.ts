// A person's WebSocket (graphql-transport-ws) with a few subscriptions on it. It comes back by itself when it is closed,
// after a moment that differs for each.
import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import type { Subscriber } from './live-log.js';
import { take, watchDocument } from './live-result.js';

/** Milliseconds before the next try: a crowd that was cut off must not come back in step. */
export const moment = (tries: number): number => Math.random() * Math.min(2_000, 200 * 2 ** tries);

export class SocketClient {
  private readonly client: Client;
  private readonly carried = new Set<Subscriber>();

  constructor(url: string, token: string) {
    this.client = createClient({
      url,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: Infinity,
      shouldRetry: () => true,
      retryWait: (tries) => new Promise((resolve) => setTimeout(resolve, moment(tries))),
    });
    this.client.on('connected', (_socket, _payload, again) => {
      // The client subscribes to all of them again.
      if (again) for (const { heard } of this.carried) heard.push({ kind: 'asked', at: Date.now() });
    });
    this.client.on('closed', (event) => {
      const { code, reason } = event as { code?: number; reason?: string };
      for (const { heard } of this.carried)
        heard.push({ kind: 'cut', at: Date.now(), code: `${String(code)} ${reason ?? ''}` });
    });
  }

  /** Returns how to leave. */
  watch(subscriber: Subscriber): () => void {
    const { heard, topic } = subscriber;
    heard.push({ kind: 'asked', at: Date.now() });
    this.carried.add(subscriber);
    const fail = (why: string): void => {
      if (subscriber.leftAt === undefined) heard.push({ kind: 'failed', at: Date.now(), why });
    };
    const unsubscribe = this.client.subscribe(
      { query: watchDocument, variables: { [topic.field]: topic.id } },
      {
        next: (result) => {
          take(heard, result);
        },
        error: (error) => {
          fail(JSON.stringify(error));
        },
        complete: () => {
          fail('it was completed');
        },
      },
    );
    return () => {
      subscriber.leftAt = Date.now();
      this.carried.delete(subscriber);
      unsubscribe();
    };
  }

  async close(): Promise<void> {
    await this.client.dispose();
  }
}

// Subscriptions: somebody looks at an appointment while it changes, and looks again when the connection is lost.
import { setTimeout as pause } from 'node:timers/promises';
import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import type { StackFile } from '../stack/stack-file.js';
import type { History } from './history.js';

interface Change {
  readonly appointmentChanged?: {
    readonly reason: string;
    readonly version: number;
    readonly appointment: { readonly id: string; readonly status: string };
  };
}

const document = `subscription Watch($id: ID!) { appointmentChanged(appointmentId: $id) {
  reason version appointment { id status version patientNotes } } }`;

export class Watching {
  private readonly closing = new AbortController();
  private readonly clients = new Set<Client>();
  private readonly running: Promise<void>[] = [];

  constructor(
    private readonly history: History,
    private readonly read: () => StackFile,
  ) {}

  watch(login: string, appointmentId: string): void {
    this.running.push(this.follow(login, appointmentId));
  }

  async stop(): Promise<void> {
    this.closing.abort();
    for (const client of this.clients) client.terminate();
    await Promise.all(this.running);
  }

  private async follow(login: string, id: string): Promise<void> {
    while (!this.closing.signal.aborted) {
      await this.once(login, id).catch(() => undefined);
      await pause(500, undefined, { signal: this.closing.signal }).catch(() => undefined);
    }
  }

  /** One subscription, until it ends or breaks. */
  private async once(login: string, id: string): Promise<void> {
    const { subscriptions, logins } = this.read();
    const subscription = this.history.nextRequest();
    const client = createClient({
      url: subscriptions,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: `Bearer ${logins[login]?.token ?? ''}` },
    });
    this.clients.add(client);
    try {
      const events = client.iterate<Change>({ query: document, variables: { id } });
      for await (const { data } of events) {
        const change = data?.appointmentChanged;
        if (!change) continue;
        this.history.add({
          kind: 'watched',
          subscription,
          login,
          at: this.history.now(),
          appointmentId: change.appointment.id,
          version: change.version,
          status: change.appointment.status,
          reason: change.reason,
          answer: JSON.stringify(data),
        });
      }
    } finally {
      this.clients.delete(client);
      await client.dispose();
    }
  }
}

// A client's socket without a library: what a badly behaved client may say, and how it is closed for it.
import { eventually } from '@caregraph/testing';
import WebSocket from 'ws';

export interface Said {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

export class LiveSocket {
  readonly heard: Said[] = [];
  closed: Closed | undefined;
  private ids = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.heard.push(JSON.parse(data.toString('utf8')) as Said));
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString('utf8') };
    });
    socket.on('error', () => undefined);
  }

  /** Rejects with `Unexpected server response: <status>` where it is not let in. */
  static open(
    url: string,
    {
      protocol = 'graphql-transport-ws',
      headers = {},
    }: { protocol?: string; headers?: Record<string, string> } = {},
  ): Promise<LiveSocket> {
    const socket = new WebSocket(url, protocol, { headers, perMessageDeflate: false });
    const live = new LiveSocket(socket);
    return new Promise((resolve, reject) => {
      socket.once('open', () => {
        resolve(live);
      });
      socket.once('error', reject);
    });
  }

  say(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Says who it is and waits until it is let in; rejects when it is closed instead. */
  async init(payload: object = {}): Promise<void> {
    this.say({ type: 'connection_init', payload });
    await eventually(
      'the socket is let in or closed',
      () => (this.heard.some(({ type }) => type === 'connection_ack') || this.closed ? true : undefined),
      { everyMs: 5 },
    );
    if (this.closed) throw new Error(`Closed with ${this.closed.code}: ${this.closed.reason}`);
  }

  initAs = (token: string | undefined): Promise<void> =>
    this.init(token === undefined ? {} : { authorization: `Bearer ${token}` });

  /** Begins an operation; answers its id. */
  begin(query: string, variables: object = {}): string {
    this.ids += 1;
    const id = `op-${this.ids}`;
    this.say({ type: 'subscribe', id, payload: { query, variables } });
    return id;
  }

  /** What was said of an operation, once it is over. */
  async answerOf(query: string, variables: object = {}): Promise<Said[]> {
    const id = this.begin(query, variables);
    return this.until(id, ({ type }) => type === 'complete' || type === 'error');
  }

  /** What was said of an operation, once the wanted was. */
  until(id: string, wanted: (said: Said) => boolean): Promise<Said[]> {
    return eventually(
      'the operation is answered',
      () => {
        const own = this.heard.filter((said) => said.id === id);
        return own.some(wanted) ? own : undefined;
      },
      { everyMs: 5 },
    );
  }

  untilClosed(withinMs = 20_000): Promise<Closed> {
    return eventually('the socket is closed', () => this.closed, { withinMs, everyMs: 10 });
  }

  close(): void {
    this.socket.terminate();
  }
}

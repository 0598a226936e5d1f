// One client's socket: the graphql-transport-ws protocol with its close codes. Written out here, since results that
// thousands share are serialised once, and readers that are too slow must be seen.
import { CloseCode, MessageType, type Message, type SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { sessionHeader } from '../caller/anonymous-session.js';
import { TokenRejected } from '../caller/access-token.js';
import type { Caller, Presented } from '../caller/identify.js';
import { errorIds, requestIdOf } from '../caller/request-id.js';
import { asGraphQLError } from '../operation/masking.js';
import type { CutReason } from './live-metrics.js';
import { closeReason } from './close-reason.js';
import { isFromClient, readMessage, type ClientMessage } from './read-message.js';
import { begin, notYet, type BeginOptions, type Running } from './begin.js';
import { followCaller } from './follow-caller.js';
import { LastEncoded, textFrame } from './frames.js';
import { tooMany } from './live-limits.js';
import type { Reader } from './subscription.js';

/** The only close code of our own: the reader was cut, and may come back when it can keep up. */
export const tooSlow = 4510;

/** How long a client may take to say who it is, in milliseconds. */
const initPatience = 3_000;
/** How long a client may take to say goodbye. */
const goodbyePatience = 1_000;

/** What one event's readers get, one after another. */
const encoded = new LastEncoded();
const end = Buffer.from('}');

export class ClientSocket {
  /** Whether it answered the last ping. */
  isAlive = true;
  private caller: Caller | undefined;
  private isInitialised = false;
  private timer: NodeJS.Timeout | undefined;
  private forgetCaller: (() => void) | undefined;
  private readonly running = new Map<string, Running>();

  /** @param request what is kept of the request that opened it. */
  constructor(
    private readonly socket: WebSocket,
    private readonly request: Presented['request'],
    private readonly options: BeginOptions,
  ) {
    this.timer = setTimeout(() => {
      socket.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout');
    }, initPatience);
    // Text alone is spoken; what cannot be read ends the socket with 4400.
    socket.on('message', (data: Buffer) => { this.guarded(() => { this.hear(data.toString('utf8')); }); }); // prettier-ignore
    socket.on('pong', () => { this.isAlive = true; }); // prettier-ignore
    socket.on('error', () => { socket.terminate(); }); // prettier-ignore
    socket.on('close', () => { this.end(); }); // prettier-ignore
  }

  /** Asks for a sign of life; one that gave none since the last time is gone. */
  ping(): void {
    if (!this.isAlive) {
      this.options.metrics.liveCut('silent');
      this.socket.terminate();
      return;
    }
    this.isAlive = false;
    this.socket.ping();
  }

  close(code: number, reason: string): void {
    this.socket.close(code, closeReason(reason));
    this.end();
    setTimeout(() => { this.socket.terminate(); }, goodbyePatience).unref(); // prettier-ignore
  }

  private cut(why: CutReason, code: number, reason: string): void {
    if (this.socket.readyState === this.socket.OPEN) this.options.metrics.liveCut(why);
    this.close(code, reason);
  }

  private end(): void {
    clearTimeout(this.timer);
    this.forgetCaller?.();
    for (const running of this.running.values()) running.stop();
    this.running.clear();
  }

  private send(text: string): void {
    if (this.mayTake()) this.socket.send(text);
  }

  /** Ahead of ws, whose frames cost twice as much; both write to one stream, so the order stays. */
  private sendFrame(frame: () => Buffer): void {
    if (this.mayTake()) this.request.socket.write(frame());
  }

  private mayTake(): boolean {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return false;
    if (socket.bufferedAmount <= this.options.updates.quota.limits.waitingBytes) return true;
    this.cut('slow', tooSlow, 'Too slow: more waits than is kept');
    return false;
  }

  /** A fault of ours in what one client says is his socket's end, and not that of the process with all others. */
  private guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.options.mask([asGraphQLError(error)], errorIds(requestIdOf(this.request.headers)));
      this.close(CloseCode.InternalServerError, 'Internal server error');
    }
  }

  private hear(text: string): void {
    let message: Message;
    try {
      message = readMessage(text);
    } catch {
      this.close(CloseCode.BadRequest, 'Invalid message received');
      return;
    }
    if (isFromClient(message)) this.act(message);
    else this.close(CloseCode.BadRequest, `Unexpected message of type ${message.type} received`);
  }

  private act(message: ClientMessage): void {
    switch (message.type) {
      case MessageType.ConnectionInit:
        void this.initialise(message.payload ?? {});
        return;
      case MessageType.Subscribe:
        this.begin(message.id, message.payload);
        return;
      case MessageType.Complete:
        this.running.get(message.id)?.stop();
        this.running.delete(message.id);
        return;
      case MessageType.Ping:
        void this.pong(message.payload ?? {});
        return;
      case MessageType.Pong:
        this.isAlive = true;
        return;
    }
  }

  private async initialise(given: Readonly<Record<string, unknown>>): Promise<void> {
    if (this.isInitialised) {
      this.close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests');
      return;
    }
    this.isInitialised = true;
    clearTimeout(this.timer);
    const caller = await this.identify(given);
    if (!caller || this.socket.readyState !== this.socket.OPEN) return;
    this.take(caller);
    const { issuedSession } = caller;
    const payload = issuedSession === null ? {} : { payload: { [sessionHeader]: issuedSession } };
    this.send(JSON.stringify({ type: MessageType.ConnectionAck, ...payload }));
  }

  /** Undefined where the socket was closed for it: with 4403 for each kind of bad token alike. */
  private async identify(given: Readonly<Record<string, unknown>>): Promise<Caller | undefined> {
    const named = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]),
    );
    try {
      return await this.options.identify({
        authorization: named.authorization,
        session: named[sessionHeader],
        requestId: requestIdOf(this.request.headers),
        request: this.request,
      });
    } catch (error) {
      if (error instanceof TokenRejected) this.cut('forbidden', CloseCode.Forbidden, 'Forbidden');
      // 1013: try again later; the caller's token may be as good as any.
      else this.close(1013, 'Try again in a moment');
      return undefined;
    }
  }

  /** A ping may bring a fresh token of the same account, which then is what the socket lives by. */
  private async pong(given: Readonly<Record<string, unknown>>): Promise<void> {
    if (!Object.keys(given).some((name) => name.toLowerCase() === 'authorization')) {
      this.send(JSON.stringify({ type: MessageType.Pong }));
      return;
    }
    const { caller } = this;
    const renewed = caller && (await this.identify(given));
    if (!renewed || this.socket.readyState !== this.socket.OPEN) return;
    if (renewed.viewer.account !== caller.viewer.account) {
      this.cut('forbidden', CloseCode.Forbidden, 'Another account');
      return;
    }
    this.take(renewed);
    const expiresAt = renewed.expiresAt?.toISOString() ?? null;
    this.send(JSON.stringify({ type: MessageType.Pong, payload: { expiresAt } }));
  }

  private take(caller: Caller): void {
    const renewed = (present: Caller): void => {
      this.caller = present;
      for (const running of this.running.values()) running.renew(present.viewer);
    };
    renewed(caller);
    this.forgetCaller?.();
    this.forgetCaller = followCaller(caller, this.options.known, {
      renewed,
      expired: () => { this.cut('expired', CloseCode.Forbidden, 'The token expired'); }, // prettier-ignore
      revoked: () => { this.cut('revoked', CloseCode.Forbidden, 'Revoked'); }, // prettier-ignore
      unknown: () => { this.close(1013, 'Try again in a moment'); }, // prettier-ignore
    });
  }

  private begin(id: string, payload: SubscribePayload): void {
    if (!this.caller) {
      this.close(CloseCode.Unauthorized, 'Unauthorized');
      return;
    }
    if (this.running.has(id)) {
      this.close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`);
      return;
    }
    const { viewer } = this.caller;
    const { perSocket } = this.options.updates.quota.limits;
    const full = this.running.size < perSocket ? undefined : tooMany(`A socket carries at most ${perSocket} operations.`); // prettier-ignore
    const reader = this.readerOf(id, JSON.stringify(id));
    this.running.set(id, notYet);
    const knownSession = this.caller.issuedSession === null;
    const { headers } = this.request;
    const running = begin({ payload, viewer, knownSession, headers, full, reader }, this.options);
    // It may be over already.
    if (!this.running.has(id)) running?.stop();
    else if (running) this.running.set(id, running);
  }

  private readerOf(id: string, quoted: string): Reader {
    const start = Buffer.from(`{"id":${quoted},"type":"next","payload":`);
    return {
      next: (result) => {
        if (this.running.has(id)) this.sendFrame(() => textFrame(start, encoded.of(result), end));
      },
      fail: (errors) => {
        if (this.running.delete(id))
          this.send(`{"id":${quoted},"type":"error","payload":${JSON.stringify(errors)}}`);
      },
      complete: () => {
        if (this.running.delete(id)) this.send(`{"id":${quoted},"type":"complete"}`);
      },
    };
  }
}

// One request of a subgraph and its answer, on undici's lowest level: no streams, no signals, one timer. Measured: half
// of what a call costs through `Pool.request` (bench: gateway).
import type { Dispatcher, Pool } from 'undici';
import type { Presence } from './presence.js';

interface Exchange {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** How long it may take in all, in milliseconds. */
  readonly patienceMs: number;
  /** The request is given up when they leave. */
  readonly askers?: Presence | undefined;
}

interface Answered {
  readonly status: number;
  readonly text: string;
}

/** A request that is given up after so many milliseconds speaks against the subgraph, whoever gave it up. */
const hangsAfter = 2_000;

/** Rejects with TimedOut, with AskersLeft, or with what undici says of a connection. */
export const exchange = (pool: Pool, sent: Exchange): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const answer = new Answer(sent, resolve, reject);
    pool.dispatch({ method: 'POST', path: sent.path, headers: sent.headers, body: sent.body }, answer);
  });

class Answer implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private givenUp: Error | undefined;
  private status = 0;
  private readonly chunks: Buffer[] = [];
  private readonly began = performance.now();
  private readonly timer: NodeJS.Timeout;
  private readonly stopListening: (() => void) | undefined;

  constructor(
    { patienceMs, askers }: Exchange,
    private readonly resolve: (answered: Answered) => void,
    private readonly reject: (error: Error) => void,
  ) {
    this.timer = setTimeout(() => {
      this.giveUp(new TimedOut());
    }, patienceMs);
    this.stopListening = askers?.onLeave(() => {
      // Callers who give up before we do would otherwise hide that the subgraph hangs.
      this.giveUp(performance.now() - this.began > hangsAfter ? new TimedOut() : new AskersLeft());
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.givenUp) controller.abort(this.givenUp);
  }

  onResponseStart(_controller: unknown, status: number): void {
    this.status = status;
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.end();
    const [first, ...others] = this.chunks;
    const bytes = first && others.length === 0 ? first : Buffer.concat(this.chunks);
    this.resolve({ status: this.status, text: bytes.toString('utf8') });
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.end();
    this.reject(this.givenUp ?? error);
  }

  /** A request that still waits for a connection is told of it when its turn comes; whoever waits hears of it now. */
  private giveUp(reason: Error): void {
    this.end();
    this.givenUp = reason;
    this.controller?.abort(reason);
    this.reject(reason);
  }

  private end(): void {
    clearTimeout(this.timer);
    this.stopListening?.();
  }
}

/** There was no answer in time. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';

  constructor() {
    super('The subgraph did not answer in time.');
  }
}

/** All who waited for the answer have gone. */
class AskersLeft extends Error {
  override readonly name = 'AskersLeft';

  constructor() {
    super('All who asked have gone.');
  }
}

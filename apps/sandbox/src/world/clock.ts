// The world's clock: the machine's time plus an offset that only grows. Tokens, TLS and webhook signatures never use it.
import type { Journal, Shelf } from './journal.js';

/** What must happen when the world's time moves on: holds expire, refunds settle. */
export type TimeListener = (now: Date) => void;

export class WorldClock {
  readonly #kept: Shelf<number>;
  readonly #listeners = new Set<TimeListener>();
  readonly #waiting = new Set<() => void>();

  constructor(private readonly journal: Journal) {
    this.#kept = journal.shelf('clock');
  }

  get offsetMs(): number {
    return this.#kept.get('offsetMs') ?? 0;
  }

  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  /** Stripe's own unit. */
  nowSeconds(): number {
    return Math.floor(this.now().getTime() / 1_000);
  }

  /** Moves the world forward; there is no way back, as nothing that happened can be taken back. */
  advance(milliseconds: number): number {
    this.#kept.set('offsetMs', this.offsetMs + milliseconds);
    this.tick();
    for (const wake of [...this.#waiting]) wake();
    return this.offsetMs;
  }

  onTick(listener: TimeListener): void {
    this.#listeners.add(listener);
  }

  /** Lets everything that is due happen. Called after each advance, and every second as real time passes. */
  tick(): void {
    for (const listener of this.#listeners) listener(this.now());
    this.journal.commit();
  }

  /** Resolves with the offset as soon as it differs from `after`, at the latest after `patienceMs`. */
  offsetOtherThan(after: number | undefined, patienceMs: number): Promise<number> {
    if (after === undefined || after !== this.offsetMs) return Promise.resolve(this.offsetMs);
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve(this.offsetMs);
      };
      const timer = setTimeout(wake, patienceMs);
      this.#waiting.add(wake);
    });
  }

  /** Answers everybody who waits, so that the process can end at once. */
  stop(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

// Posts a vendor's webhooks to their target, one after the other, and again with growing gaps until it answers 2xx.
import type { Logger } from '@caregraph/runtime';
import type { Recordings } from './recordings.js';

export interface Message {
  /** What the log and the recordings call it: an event's id. */
  readonly id: string;
  readonly body: string;
  /** Called once, when the target has answered 2xx. */
  readonly delivered?: () => void;
}

/** Signs anew for each attempt, with the real time: receivers refuse old signatures. */
export type Sign = (body: string) => Record<string, string>;

/** Real vendors try for days; the sandbox's gaps are short, and it gives up after about an hour. */
const firstGapMs = 250;
const longestGapMs = 10_000;
const attemptsAtMost = 360;
const answerWithinMs = 10_000;

export class Delivery {
  url: string | undefined;
  readonly #retries = new Set<NodeJS.Timeout>();
  readonly #ended = new AbortController();
  /** First attempts queue here, so that "normal" keeps the order in which things happened. */
  #line: Promise<void> = Promise.resolve();

  constructor(
    readonly vendor: string,
    url: string | undefined,
    private readonly sign: Sign,
    private readonly recordings: Recordings,
    private readonly log: Logger,
  ) {
    this.url = url;
  }

  /** Without a target the message goes nowhere, as with a vendor's account that has no webhook. */
  post(message: Message): void {
    if (!this.url) return;
    this.#line = this.#line.then(() => this.#attempt(message, 1));
  }

  /** One attempt, at once and out of line. Answers the target's status, undefined when there was none. */
  async attemptOnce(body: string, headers: Record<string, string>): Promise<number | undefined> {
    if (!this.url) return undefined;
    const status = await this.#send(this.url, body, headers);
    this.recordings.record({
      direction: 'webhook',
      vendor: this.vendor,
      method: 'POST',
      path: this.url,
      requestBody: JSON.parse(body) as unknown,
      ...(status !== undefined && { status }),
    });
    return status;
  }

  stop(): void {
    this.#ended.abort();
    for (const timer of this.#retries) clearTimeout(timer);
  }

  #stopped(): boolean {
    return this.#ended.signal.aborted;
  }

  async #attempt(message: Message, attempt: number): Promise<void> {
    if (this.#stopped()) return;
    const status = await this.attemptOnce(message.body, this.sign(message.body));
    if (status !== undefined && status >= 200 && status < 300) {
      message.delivered?.();
      return;
    }
    if (this.#stopped() || attempt >= attemptsAtMost) return;
    this.log.warn(
      { vendor: this.vendor, eventId: message.id, attempt, status },
      'a webhook was not accepted',
    );
    const gap = Math.min(firstGapMs * 2 ** (attempt - 1), longestGapMs);
    const timer = setTimeout(() => {
      this.#retries.delete(timer);
      void this.#attempt(message, attempt + 1);
    }, gap);
    this.#retries.add(timer);
  }

  async #send(url: string, body: string, headers: Record<string, string>): Promise<number | undefined> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
        body,
        signal: AbortSignal.any([this.#ended.signal, AbortSignal.timeout(answerWithinMs)]),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      // Refused, reset, or too slow: to a vendor that is all the same.
      return undefined;
    }
  }
}

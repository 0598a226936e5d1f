// Posts a vendor's webhooks to their target, one after the other, and again with growing gaps until it answers 2xx.
// What was not answered yet is kept in the journal, and sent again by the next sandbox.
import type { Shelf } from './journal.js';
import type { World } from './world.js';

export interface Message {
  /** What the log and the recordings call it: an event's id. */
  readonly id: string;
  readonly body: string;
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
  readonly #unanswered: Shelf<Message>;
  readonly #retries = new Set<NodeJS.Timeout>();
  readonly #ended = new AbortController();
  /** First attempts queue here, so that "normal" keeps the order in which things happened. */
  #line: Promise<void> = Promise.resolve();

  constructor(
    readonly vendor: string,
    url: string | undefined,
    private readonly sign: Sign,
    private readonly world: Pick<World, 'journal' | 'recordings' | 'log'>,
    /** Called with the message's id when the target has answered 2xx. */
    private readonly delivered: (id: string) => void = () => undefined,
  ) {
    this.url = url;
    this.#unanswered = world.journal.shelf(`${vendor}.webhooks`);
  }

  /** How many messages the target has not taken yet. */
  get unanswered(): number {
    return this.#unanswered.size;
  }

  /** The message is kept until it is answered, however long it is held back before it is posted. */
  remember(message: Message): void {
    this.#unanswered.set(message.id, message);
  }

  /** Posts all that the process before this one had not brought to its end, first to last. */
  resume(): void {
    for (const message of [...this.#unanswered.values()]) this.post(message);
  }

  /** Without a target the message goes nowhere, as with a vendor's account that has no webhook. */
  post(message: Message): void {
    if (!this.url) this.#unanswered.delete(message.id);
    else this.#line = this.#line.then(() => this.#attempt(message, 1));
  }

  /** One attempt, at once and out of line. Answers the target's status, undefined when there was none. */
  async attemptOnce(body: string, headers: Record<string, string>): Promise<number | undefined> {
    if (!this.url) return undefined;
    const status = await this.#send(this.url, body, headers);
    this.world.recordings.record({
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
    // Nobody may hear of what the sandbox could forget.
    this.world.journal.commit();
    const status = await this.attemptOnce(message.body, this.sign(message.body));
    if (status !== undefined && status >= 200 && status < 300) {
      this.#unanswered.delete(message.id);
      this.delivered(message.id);
      this.world.journal.commit();
      return;
    }
    if (this.#stopped()) return;
    if (attempt >= attemptsAtMost) {
      this.#unanswered.delete(message.id);
      return;
    }
    this.world.log.warn(
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

// How a vendor's webhooks travel: in order by default, or late, twice, three times, out of order, or held back.
import { z } from 'zod';
import type { Delivery, Message } from './delivery.js';

export const webhookModes = ['normal', 'late', 'twice', 'thrice', 'reorder', 'hold'] as const;

export const webhookInput = z.strictObject({
  mode: z.enum(webhookModes).default('normal'),
  /** For `late`: how late. For `reorder`: the longest that a message waits for others to overtake it. */
  delayMs: z.int().min(0).max(600_000).default(1_000),
  /** For `reorder`: this many messages are gathered and sent in the opposite order. */
  window: z.int().min(2).max(100).default(2),
  /** Points the webhook somewhere else. */
  url: z.url().optional(),
});

export type WebhookInput = z.infer<typeof webhookInput>;

export const releaseInput = z.strictObject({
  order: z.enum(['first-to-last', 'last-to-first']).default('first-to-last'),
});

export class WebhookChannel {
  #manner: WebhookInput = webhookInput.parse({});
  #held: Message[] = [];
  #gathered: Message[] = [];
  #stopped = false;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(readonly delivery: Delivery) {}

  /** `unanswered` counts all that the target has not taken yet, however late it travels. */
  get state(): { mode: string; held: number; unanswered: number; url: string | undefined } {
    const { unanswered, url } = this.delivery;
    return { mode: this.#manner.mode, held: this.#held.length, unanswered, url };
  }

  /** From now on, messages travel like this. What is held stays held until it is released. */
  travel(manner: WebhookInput): void {
    this.#manner = manner;
    if (manner.url) this.delivery.url = manner.url;
    this.#flushReversed();
  }

  send(message: Message): void {
    if (this.#stopped) return;
    this.delivery.remember(message);
    const { mode, delayMs, window } = this.#manner;
    switch (mode) {
      case 'normal':
        this.delivery.post(message);
        break;
      case 'late':
        this.#after(delayMs, () => {
          this.delivery.post(message);
        });
        break;
      case 'twice':
      case 'thrice':
        for (let copy = 0; copy < (mode === 'twice' ? 2 : 3); copy += 1) this.delivery.post(message);
        break;
      case 'reorder':
        this.#gather(message, window, delayMs);
        break;
      case 'hold':
        this.#held.push(message);
        break;
    }
  }

  /** Lets go of everything held and goes back to normal. Answers how many there were. */
  release(order: z.infer<typeof releaseInput>['order']): number {
    const held = order === 'last-to-first' ? this.#held.reverse() : this.#held;
    this.#held = [];
    this.#manner = { ...this.#manner, mode: 'normal' };
    this.#flushReversed();
    for (const message of held) this.delivery.post(message);
    return held.length;
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.delivery.stop();
  }

  #gather(message: Message, window: number, delayMs: number): void {
    this.#gathered.push(message);
    if (this.#gathered.length >= window) this.#flushReversed();
    else if (this.#gathered.length === 1) {
      // A window that never fills must not keep its messages for ever.
      this.#after(delayMs, () => {
        this.#flushReversed();
      });
    }
  }

  #flushReversed(): void {
    const messages = this.#gathered.reverse();
    this.#gathered = [];
    for (const message of messages) this.delivery.post(message);
  }

  #after(milliseconds: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, milliseconds);
    this.#timers.add(timer);
  }
}

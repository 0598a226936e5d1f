// A ring: secrets that can be changed while the app runs, because for a while the old one and the new one both count.
import { createHash } from 'node:crypto';

export interface Key {
  /** Names the key in what it made: word characters and hyphens, at most 32. */
  readonly kid: string;
  readonly secret: string;
}

/** Where a ring's items come from while the app runs. */
export interface RingSource {
  /** Throws when it cannot be read. */
  text(): string;
  /** Throws when the text is no ring. */
  read(text: string): Ring<unknown>;
}

/**
 * What a ring holds at this moment, in order: the first signs or seals, all are accepted. Whoever uses one asks anew
 * each time and keeps nothing of it, so that it may change under him. An array is a ring that never changes.
 */
export class Ring<Item> implements Iterable<Item> {
  private items: readonly Item[];
  /** Undefined where it came from the environment, which does not change. */
  source: RingSource | undefined;

  /** @param kidOf names an item without telling anything of it. */
  constructor(
    items: readonly Item[],
    private kidOf: (item: Item) => string,
  ) {
    this.items = items;
  }

  [Symbol.iterator](): Iterator<Item> {
    return this.items[Symbol.iterator]();
  }

  /** The names of the items, in order. */
  get kids(): string[] {
    return this.items.map((item) => this.kidOf(item));
  }

  /** Takes what another ring of its kind holds; at once, so that nobody sees half of each. */
  take(other: Ring<Item>): void {
    this.items = other.items;
    this.kidOf = other.kidOf;
  }
}

/** The first of a ring: the one that signs or seals. Throws on an empty one. */
export function firstOf<Item>(ring: Iterable<Item>): Item {
  for (const item of ring) return item;
  throw new Error('The ring has no key.');
}

/** Eight letters that tell two secrets without a name of their own apart, and nothing about either. */
export const fingerprint = (secret: string): string =>
  createHash('sha256').update('caregraph fingerprint ').update(secret).digest('hex').slice(0, 8);

// One Stripe account and all it holds, with the events it tells about it.
import type { Stripe } from 'stripe';
import type { WorldClock } from '../world/clock.js';
import type { Shelf } from '../world/journal.js';
import type { World } from '../world/world.js';
import { newId } from './ids.js';
import { missing } from './errors.js';
import type { TestCard } from './test-cards.js';

export const apiVersion = '2026-10-28.endive';

export interface RequestOrigin {
  readonly id: string | null;
  readonly idempotency_key: string | null;
}

/** Nobody's request: time passed, or somebody used a control of the sandbox. */
const byItself: RequestOrigin = { id: null, idempotency_key: null };

export class Account {
  readonly clock: WorldClock;
  readonly customers: Shelf<Stripe.Customer>;
  readonly paymentMethods: Shelf<Stripe.PaymentMethod>;
  /** How the card behind a payment method behaves. */
  readonly cards: Shelf<TestCard>;
  readonly paymentIntents: Shelf<Stripe.PaymentIntent>;
  readonly charges: Shelf<Stripe.Charge>;
  readonly refunds: Shelf<Stripe.Refund>;
  readonly events: Shelf<Stripe.Event>;
  /** When a refund goes on to its next status, in seconds of the world's clock. */
  readonly refundsDue: Shelf<number>;
  /** The request that runs now. Changes are synchronous, so there is never more than one. */
  origin: RequestOrigin = byItself;

  constructor(
    { clock, journal }: Pick<World, 'clock' | 'journal'>,
    private readonly tell: (event: Stripe.Event) => void,
  ) {
    this.clock = clock;
    this.customers = journal.shelf('stripe.customers');
    this.paymentMethods = journal.shelf('stripe.payment_methods');
    this.cards = journal.shelf('stripe.cards');
    this.paymentIntents = journal.shelf('stripe.payment_intents');
    this.charges = journal.shelf('stripe.charges');
    this.refunds = journal.shelf('stripe.refunds');
    this.events = journal.shelf('stripe.events');
    this.refundsDue = journal.shelf('stripe.refunds_due');
  }

  /** Runs a change in the name of a request, which the events then carry. */
  during<Result>(origin: RequestOrigin, change: () => Result): Result {
    this.origin = origin;
    try {
      return change();
    } finally {
      this.origin = byItself;
    }
  }

  /** Remembers an event with the object as it is at this moment, and tells whoever listens. */
  emit(type: string, object: { readonly id: string }): void {
    // What an event tells about has changed; it may have been come across by iterating, which no shelf notices.
    this.find(object.id);
    const event = {
      id: newId('evt'),
      object: 'event',
      api_version: apiVersion,
      created: this.clock.nowSeconds(),
      data: { object: structuredClone(object) },
      livemode: false,
      pending_webhooks: 1,
      request: this.origin,
      type,
    } as unknown as Stripe.Event;
    this.events.set(event.id, event);
    this.tell(event);
  }

  /** Whatever has this id, for expansion. */
  find(id: string): object | undefined {
    const shelves = [
      this.paymentIntents,
      this.charges,
      this.customers,
      this.paymentMethods,
      this.refunds,
      this.events,
    ];
    return shelves.map((shelf) => shelf.get(id)).find((found) => found !== undefined);
  }

  customer(id: string, param: string): Stripe.Customer {
    return this.customers.get(id) ?? raise(missing('customer', id, param));
  }

  paymentIntent(id: string, param = 'intent'): Stripe.PaymentIntent {
    return this.paymentIntents.get(id) ?? raise(missing('payment_intent', id, param));
  }

  charge(id: string, param = 'charge'): Stripe.Charge {
    return this.charges.get(id) ?? raise(missing('charge', id, param));
  }
}

export function raise(error: Error): never {
  throw error;
}

/** Stripe's references are an id or the expanded object; the sandbox stores ids only. */
export const idOf = (reference: string | { id: string } | null | undefined): string | null =>
  typeof reference === 'string' ? reference : (reference?.id ?? null);

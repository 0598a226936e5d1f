// Stripe as the processor. Every order carries our key in the request's options, never in its body.
import type { Stripe } from 'stripe';
import type { VoidCause } from '../payment/attempt.js';
import {
  NotAccepted,
  type HoldOrder,
  type PaymentIntentFacts,
  type Processor,
} from '../processor/processor.js';
import { intentFacts, refundFacts } from './intent-facts.js';
import { declinedIntent, refusalOf } from './stripe-errors.js';

/** The charge tells how long the hold lasts. */
const expand = ['latest_charge'];

/** Stripe takes four reasons and no others; ours stays in our own row. */
function cancellationReason(cause: VoidCause): Stripe.PaymentIntentCancelParams.CancellationReason {
  return cause === 'PATIENT' || cause === 'ADMIN' || cause === 'PROVIDER'
    ? 'requested_by_customer'
    : 'abandoned';
}

const intentOf = (order: HoldOrder): Stripe.PaymentIntentCreateParams => ({
  amount: order.amountMinor,
  currency: order.currency.toLowerCase(),
  capture_method: 'manual',
  confirm: true,
  off_session: false,
  // A redirect would need a page of ours to come back to; cards ask their question inside Stripe's own form.
  automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  customer: order.customer,
  payment_method: order.paymentMethodId,
  description: order.description,
  transfer_group: order.transferGroup,
  metadata: order.metadata,
  expand,
});

export function stripeProcessor(stripe: Stripe): Processor {
  const read = async (reference: string): Promise<PaymentIntentFacts | undefined> =>
    intentFacts(await stripe.paymentIntents.retrieve(reference, { expand }));

  /** How an order stands that Stripe would not change: somebody else, or time, may have been faster. */
  const readOwn = async (reference: string): Promise<PaymentIntentFacts> =>
    ours(await read(reference), reference);

  return {
    read,
    createCustomer: async ({ patientId, practiceId }, idempotencyKey) => {
      const customer = await stripe.customers.create(
        { metadata: { patientId, practiceId } },
        { idempotencyKey },
      );
      return customer.id;
    },

    hold: async (order, idempotencyKey) => {
      try {
        const intent = await stripe.paymentIntents.create(intentOf(order), { idempotencyKey });
        return ours(intentFacts(intent), intent.id);
      } catch (error) {
        const intent = declinedIntent(error);
        return intent ? ours(intentFacts(intent), intent.id) : refusalOf(error);
      }
    },

    // A list by customer shows the newest at once; Stripe's search lags behind by a minute or more.
    findHold: async ({ customer, paymentId, attempt }) => {
      for await (const { id, metadata } of stripe.paymentIntents.list({ customer, limit: 100 })) {
        if (metadata.paymentId === paymentId && metadata.attempt === String(attempt)) return read(id);
      }
      return undefined;
    },

    capture: async ({ reference, amountMinor }, idempotencyKey) => {
      try {
        const wanted = { amount_to_capture: amountMinor, expand };
        const intent = await stripe.paymentIntents.capture(reference, wanted, { idempotencyKey });
        return ours(intentFacts(intent), reference);
      } catch (error) {
        const refusal = refusalOf(error);
        const facts = await readOwn(reference);
        return facts.outcome === 'HELD' ? refusal : facts;
      }
    },

    void: async ({ reference, cause }, idempotencyKey) => {
      try {
        const wanted = { cancellation_reason: cancellationReason(cause), expand };
        return ours(
          intentFacts(await stripe.paymentIntents.cancel(reference, wanted, { idempotencyKey })),
          reference,
        );
      } catch (error) {
        refusalOf(error);
        return readOwn(reference);
      }
    },
    ...refundsOf(stripe),
    ...monitorOf(stripe),
  };
}

const monitorOf = (stripe: Stripe): Pick<Processor, 'heldOrders'> => ({
  // Only here the search is good enough: nobody waits for the answer, and what it has not seen yet is the next run's.
  heldOrders: async (before) => {
    const query = `status:'requires_capture' AND created<${Math.floor(before.getTime() / 1_000)}`;
    const held: PaymentIntentFacts[] = [];
    for await (const intent of stripe.paymentIntents.search({ query, limit: 100 })) {
      const facts = intentFacts(intent);
      if (facts) held.push(facts);
    }
    return held;
  },
});

const refundsOf = (stripe: Stripe): Pick<Processor, 'refund' | 'findRefund' | 'readRefund'> => ({
  refund: async ({ reference, refundId, paymentId, practiceId, amountMinor }, idempotencyKey) => {
    try {
      const refund = await stripe.refunds.create(
        {
          payment_intent: reference,
          amount: amountMinor,
          reason: 'requested_by_customer',
          metadata: { refundId, paymentId, practiceId },
        },
        { idempotencyKey },
      );
      return refundFacts(refund) ?? new NotAccepted('unknown_refund');
    } catch (error) {
      return refusalOf(error);
    }
  },

  findRefund: async ({ reference, refundId }) => {
    for await (const refund of stripe.refunds.list({ payment_intent: reference, limit: 100 })) {
      if (refund.metadata?.refundId === refundId) return refundFacts(refund);
    }
    return undefined;
  },

  readRefund: async (reference) => refundFacts(await stripe.refunds.retrieve(reference)),
});

function ours(facts: PaymentIntentFacts | undefined, reference: string): PaymentIntentFacts {
  if (!facts) throw new Error(`Stripe answered with an order that is not ours: ${reference}.`);
  return facts;
}

// What ends a hold: it is captured (once, perhaps in part), canceled, or it lapses when its time is over.
import type { Stripe } from 'stripe';
import { idOf, type Account } from './account.js';
import { notAllowed } from './errors.js';
import { newId } from './ids.js';
import { statusRefusal } from './payment-intent.js';

/** Takes the money, or part of it; the rest of the hold is let go. */
export function capture(
  account: Account,
  intent: Stripe.PaymentIntent,
  wanted: { amount?: number | undefined; metadata?: Stripe.Metadata | undefined },
): Stripe.PaymentIntent {
  const refusal = statusRefusal(intent, 'capture');
  if (refusal) throw refusal;
  const taken = wanted.amount ?? intent.amount_capturable;
  if (taken > intent.amount_capturable) {
    throw notAllowed(
      `The amount_to_capture (${taken}) is greater than the amount that can be captured (${intent.amount_capturable}).`,
      { code: 'amount_too_large', param: 'amount_to_capture' },
    );
  }
  const charge = account.charge(idOf(intent.latest_charge) ?? '');
  charge.captured = true;
  charge.amount_captured = taken;
  charge.balance_transaction = newId('txn');
  delete charge.payment_method_details?.card?.capture_before;
  intent.status = 'succeeded';
  intent.amount_capturable = 0;
  intent.amount_received = taken;
  Object.assign(intent.metadata, wanted.metadata);
  account.emit('charge.captured', charge);
  account.emit('payment_intent.succeeded', intent);
  return intent;
}

export function cancel(
  account: Account,
  intent: Stripe.PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): Stripe.PaymentIntent {
  const refusal = statusRefusal(intent, 'cancel');
  if (refusal) throw refusal;
  intent.status = 'canceled';
  intent.canceled_at = account.clock.nowSeconds();
  intent.cancellation_reason = reason;
  intent.amount_capturable = 0;
  intent.next_action = null;
  account.emit('payment_intent.canceled', intent);
  return intent;
}

/** Cancels the holds whose `capture_before` has passed, as Stripe does by itself. */
export function lapseHolds(account: Account): void {
  const now = account.clock.nowSeconds();
  for (const intent of account.paymentIntents.values()) {
    if (intent.status !== 'requires_capture') continue;
    const charge = account.charge(idOf(intent.latest_charge) ?? '');
    const captureBefore = charge.payment_method_details?.card?.capture_before;
    if (captureBefore === undefined || captureBefore > now) continue;
    account.emit('charge.expired', charge);
    cancel(account, intent, 'automatic');
  }
}

// Stripe's PaymentIntents and refunds in our own words.
import type { Stripe } from 'stripe';
import type { AttemptOutcome } from '../payment/attempt.js';
import type { PaymentIntentFacts, RefundFacts } from '../processor/processor.js';
import { isHardDecline } from './declines.js';

/** Visa's shortest hold, 4 days and 18 hours: used only where Stripe does not say how long a hold lasts. */
const shortestHoldSeconds = 114 * 3_600;

/** Undefined: an intent that this app did not make. Wants `latest_charge` expanded where the intent is held. */
export function intentFacts(intent: Stripe.PaymentIntent): PaymentIntentFacts | undefined {
  const { paymentId, attempt } = intent.metadata;
  if (paymentId === undefined || attempt === undefined) return undefined;
  const outcome = outcomeOf(intent);
  const charge = typeof intent.latest_charge === 'string' ? null : intent.latest_charge;
  return {
    paymentId,
    attempt: Number(attempt),
    reference: intent.id,
    outcome,
    capturedAmountMinor: outcome === 'CAPTURED' ? intent.amount_received : 0,
    heldUntil: outcome === 'HELD' ? instant(heldUntil(intent, charge)) : null,
    clientSecret: outcome === 'ACTION_REQUIRED' ? intent.client_secret : null,
    failure: outcome === 'FAILED' ? failureOf(intent) : null,
    occurredAt: happenedAt(intent, outcome, charge),
  };
}

function outcomeOf(intent: Stripe.PaymentIntent): AttemptOutcome {
  switch (intent.status) {
    case 'requires_action':
      return 'ACTION_REQUIRED';
    case 'requires_capture':
      return 'HELD';
    case 'succeeded':
      return 'CAPTURED';
    case 'canceled':
      return 'VOIDED';
    case 'requires_payment_method':
      return intent.last_payment_error ? 'FAILED' : 'PENDING';
    // Nothing has been decided; nor by what later versions may add.
    case 'processing':
    case 'requires_confirmation':
    default:
      return 'PENDING';
  }
}

const heldUntil = (intent: Stripe.PaymentIntent, charge: Stripe.Charge | null): number =>
  charge?.payment_method_details?.card?.capture_before ??
  (charge?.created ?? intent.created) + shortestHoldSeconds;

function failureOf({ last_payment_error: error }: Stripe.PaymentIntent): PaymentIntentFacts['failure'] {
  const code = error?.decline_code ?? error?.code ?? null;
  return { code, retryable: !isHardDecline(code, error?.advice_code) };
}

/** Stripe dates holds, captures by hand excepted, and ends; the rest happened when we heard of it. */
function happenedAt(
  intent: Stripe.PaymentIntent,
  outcome: AttemptOutcome,
  charge: Stripe.Charge | null,
): Date | null {
  if (outcome === 'HELD' && charge) return instant(charge.created);
  return outcome === 'VOIDED' && intent.canceled_at !== null ? instant(intent.canceled_at) : null;
}

const instant = (seconds: number): Date => new Date(seconds * 1_000);

/** Undefined: a refund that this app did not make. */
export function refundFacts(refund: Stripe.Refund): RefundFacts | undefined {
  const refundId = refund.metadata?.refundId;
  if (refundId === undefined) return undefined;
  return {
    refundId,
    reference: refund.id,
    status: refundStatus(refund),
    failureCode: refund.failure_reason ?? null,
  };
}

function refundStatus({ status }: Stripe.Refund): RefundFacts['status'] {
  if (status === 'succeeded') return 'SUCCEEDED';
  return status === 'failed' || status === 'canceled' ? 'FAILED' : 'PENDING';
}

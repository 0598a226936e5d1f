// What has to be asked of the processor next for one attempt, decided from our own state alone.
import { planted } from '@caregraph/runtime';
import type { PaymentAttempt, VoidCause } from './attempt.js';
import type { CloseCause, Payment } from './payment.js';

export type NextStep =
  | { readonly kind: 'HOLD' }
  | { readonly kind: 'CAPTURE'; readonly amountMinor: number }
  | { readonly kind: 'VOID'; readonly cause: VoidCause }
  | { readonly kind: 'NOTHING' };

const nothing: NextStep = { kind: 'NOTHING' };

export function nextStep(payment: Payment, attempt: PaymentAttempt): NextStep {
  if (attempt.ended) return nothing;
  const current = attempt.number === payment.attempt;
  if (current && payment.status === 'PENDING')
    return attempt.outcome === 'PENDING' ? { kind: 'HOLD' } : nothing;
  if (current && payment.status === 'ACTION_REQUIRED') return nothing;
  if (current && payment.status === 'HELD') return settle(payment);
  // The payment is over or has gone on to another card: whatever the processor still keeps open is let go.
  return attempt.reference === null ? nothing : { kind: 'VOID', cause: causeOf(payment, attempt) };
}

function settle(payment: Payment): NextStep {
  switch (payment.goal) {
    case 'HOLD':
      if (!planted('capture-unconfirmed')) return nothing;
      return { kind: 'CAPTURE', amountMinor: payment.amountMinor };
    case 'CAPTURE':
      return { kind: 'CAPTURE', amountMinor: payment.amountMinor };
    case 'CLOSE':
      return payment.keptAmountMinor > 0
        ? { kind: 'CAPTURE', amountMinor: payment.keptAmountMinor }
        : { kind: 'VOID', cause: lateOr(payment.closeCause) };
  }
}

function causeOf(payment: Payment, attempt: PaymentAttempt): VoidCause {
  // A hold whose capture was refused is of no use either.
  if (attempt.outcome === 'FAILED' || payment.goal === 'CAPTURE') return 'PAYMENT_DECLINED';
  const ended = attempt.number === payment.attempt ? payment.closeCause : 'PAYMENT_FAILED';
  return lateOr(ended);
}

/** A payment that had been given up succeeded too late. */
const lateOr = (cause: CloseCause | null): VoidCause =>
  cause === null || cause === 'PAYMENT_FAILED' ? 'PAYMENT_LATE' : cause;

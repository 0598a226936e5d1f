// One card tried for a payment: one order to the processor, and the furthest that is known of it.
import type { CloseCause } from './payment.js';

/** What the processor last said of an attempt, in our own words. PENDING: nothing yet. */
export const attemptOutcomes = [
  'PENDING',
  'ACTION_REQUIRED',
  'FAILED',
  'HELD',
  'CAPTURED',
  'VOIDED',
] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

/**
 * News may be late or come twice, so an attempt only moves up. FAILED stands below HELD, because a declined order can
 * still be approved with another card until it is voided; a held one is never declined any more.
 */
const rank: Readonly<Record<AttemptOutcome, number>> = {
  PENDING: 0,
  ACTION_REQUIRED: 1,
  FAILED: 2,
  HELD: 3,
  CAPTURED: 4,
  VOIDED: 4,
};

/** Why an attempt was voided. PAYMENT_LATE: it succeeded after the payment was given up (Y-28). */
export type VoidCause = CloseCause | 'PAYMENT_LATE' | 'PAYMENT_DECLINED';

export class PaymentAttempt {
  id!: string;
  practiceId!: string;
  paymentId!: string;
  /** 1 for the first card. */
  number!: number;
  /** The processor's id of the card. */
  paymentMethodId!: string;
  outcome: AttemptOutcome = 'PENDING';
  /** The processor's id of the order; null until its answer is known. */
  reference: string | null = null;
  voidCause: VoidCause | null = null;
  createdAt!: Date;
  updatedAt!: Date;

  /** Takes news in; false: it is old, or known already. */
  learn(outcome: AttemptOutcome, reference: string | null, now: Date): boolean {
    const referenceIsNew = this.reference === null && reference !== null;
    if (referenceIsNew) this.reference = reference;
    const further = rank[outcome] > rank[this.outcome];
    if (further) this.outcome = outcome;
    if (further || referenceIsNew) this.updatedAt = now;
    return further || referenceIsNew;
  }

  /** Nothing can happen to it any more. */
  get ended(): boolean {
    return this.outcome === 'CAPTURED' || this.outcome === 'VOIDED';
  }
}

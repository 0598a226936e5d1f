// What is due, taken, kept and given back of a payment: whole minor units.
import { feeReturned } from './fee.policy.js';
import { shareOf } from './share.policy.js';
import { PaymentTerms } from './terms.js';

/** What booking wants of the money in the end. */
export const paymentGoals = ['HOLD', 'CAPTURE', 'CLOSE'] as const;
export type PaymentGoal = (typeof paymentGoals)[number];

export abstract class PaymentAmounts extends PaymentTerms {
  goal: PaymentGoal = 'HOLD';
  /** Set once the goal is CLOSE: the share that goes back. */
  refundBasisPoints: number | null = null;
  capturedAmountMinor = 0;
  refundedAmountMinor = 0;
  /** Refunds that are under way: promised, and not to be promised twice. */
  refundPendingMinor = 0;
  platformFeeMinor!: number;
  platformFeeReturnedMinor = 0;

  /** What the practice keeps once the payment is to be closed. */
  get keptAmountMinor(): number {
    return this.amountMinor - shareOf(this.amountMinor, this.refundBasisPoints ?? 0);
  }

  /** What is still to go back, given what went back already; 0 unless captured and closed. */
  get refundDueMinor(): number {
    if (this.goal !== 'CLOSE' || this.capturedAmountMinor === 0) return 0;
    return Math.max(0, this.refundableMinor - this.keptAmountMinor);
  }

  get refundableMinor(): number {
    return this.capturedAmountMinor - this.refundedAmountMinor - this.refundPendingMinor;
  }

  /** Y-13: in proportion to what the payer does not pay in the end, whether refunded or never captured. */
  protected returnFee(): void {
    const returned = this.amountMinor - this.capturedAmountMinor + this.refundedAmountMinor;
    this.platformFeeReturnedMinor = feeReturned(this.platformFeeMinor, this.amountMinor, returned);
  }
}

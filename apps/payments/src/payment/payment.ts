// A payment: the money of one appointment. Each verb returns what happened, why it may not, or nothing where the news
// changes nothing.
import {
  paymentActionRequired,
  paymentCaptured,
  paymentCaptureFailed,
  paymentFailed,
  paymentHeld,
  paymentHoldLapsed,
  paymentRefunded,
  paymentRefundFailed,
  paymentRestated,
  paymentVoided,
  type CancellationCause,
  type DomainEvent,
  type PaymentState,
} from '@caregraph/contracts';
import { PaymentAmounts } from './amounts.js';
import { platformFee } from './fee.policy.js';
import { lifecycle, may, type PaymentStatus, type Verb } from './lifecycle.js';
import { PaymentNotRefundable, RefundExceedsPayment } from './payment.refusals.js';

export type CloseCause = CancellationCause | 'DECLINED' | 'EXPIRED' | 'PAYMENT_FAILED';

/** An event of a payment, which carries its whole state. */
export type PaymentEvent = DomainEvent<string, PaymentState>;

/** `retryable` is false for a card that must not be tried again. */
type Failure = Readonly<{ code: string | null; retryable: boolean }>;

export class Payment extends PaymentAmounts {
  status: PaymentStatus = 'PENDING';
  version = 1;
  /** Which card is tried. */
  attempt = 1;
  /** Why the money is not wanted any more; null while it is. */
  closeCause: CloseCause | null = null;
  /** The processor's own deadline of the hold. */
  heldUntil: Date | null = null;
  /** Sealed; with it the payer answers the bank's question. Only while that is asked. */
  clientSecret: string | null = null;
  failureCode: string | null = null;
  heldAt: Date | null = null;
  capturedAt: Date | null = null;
  cancelledAt: Date | null = null;
  createdAt!: Date;
  updatedAt!: Date;

  /** What is held is to be taken: all, or the part kept of a late cancellation. */
  get captureDue(): boolean {
    if (this.status !== 'HELD') return false;
    return this.goal === 'CAPTURE' || (this.goal === 'CLOSE' && this.keptAmountMinor > 0);
  }

  /** The fee is computed from the price once, and kept. */
  begin(now: Date): void {
    this.platformFeeMinor = platformFee(this.amountMinor);
    this.createdAt = this.updatedAt = now;
  }

  /** Another card. A live hold is only left for a new card once it is to be closed. */
  tryAgain(attempt: number, confirmed: boolean, now: Date): boolean {
    if (!may('tryAgain', this.status) || attempt <= this.attempt) return false;
    if (this.status === 'HELD' && this.goal !== 'CLOSE') return false;
    this.attempt = attempt;
    this.goal = confirmed ? 'CAPTURE' : 'HOLD';
    this.refundBasisPoints = this.closeCause = this.failureCode = this.cancelledAt = null;
    this.heldUntil = this.heldAt = this.clientSecret = null;
    this.platformFeeReturnedMinor = 0;
    this.move('tryAgain', now);
    return true;
  }

  /** The appointment stands: what is held, now or later, is captured. A hold that is lost already cannot be (Y-33). */
  askCapture(now: Date): PaymentEvent | undefined {
    if (this.goal !== 'HOLD') return undefined;
    this.goal = 'CAPTURE';
    if (this.status === 'CANCELLED') return this.failCapture('hold_lapsed', now, now);
    this.touch(now);
    return undefined;
  }

  /** The appointment is off. What is held or captured follows by `nextStep` and `refundDue`; nothing yet: it ends here. */
  close(cause: CloseCause, refundBasisPoints: number, now: Date): PaymentEvent | undefined {
    if (this.status === 'CANCELLED') return undefined;
    this.goal = 'CLOSE';
    this.refundBasisPoints = refundBasisPoints;
    this.closeCause = cause;
    return this.endOrWait('close', now);
  }

  /** Booking waits no longer. A success that comes later is voided; another card may be tried (Y-28). */
  giveUp(now: Date): PaymentEvent | undefined {
    this.goal = 'CLOSE';
    this.refundBasisPoints = 10_000;
    this.closeCause = 'PAYMENT_FAILED';
    // Not `payment-failed`: booking may have begun another attempt meanwhile, and would take it for that one's.
    return this.endOrWait('giveUp', now);
  }

  /** The processor does not take the part to be kept, for example because it is too small: all goes back. */
  waiveKept(now: Date): void {
    this.refundBasisPoints = 10_000;
    this.touch(now);
  }

  requireAction(clientSecret: string | null, at: Date, now: Date): PaymentEvent | undefined {
    if (!may('requireAction', this.status)) return undefined;
    this.clientSecret = clientSecret;
    this.move('requireAction', now);
    return paymentActionRequired.of(this.state(at));
  }

  hold(heldUntil: Date, at: Date, now: Date): PaymentEvent | undefined {
    if (!may('hold', this.status)) return undefined;
    this.heldUntil = heldUntil;
    this.heldAt = at;
    this.move('hold', now);
    return paymentHeld.of({ ...this.state(at), heldUntil: heldUntil.toISOString() });
  }

  fail(failure: Failure, at: Date, now: Date): PaymentEvent | undefined {
    if (!may('fail', this.status)) return undefined;
    this.failureCode = failure.code;
    this.move('fail', now);
    return paymentFailed.of({ ...this.state(at), declineCode: failure.code, retryable: failure.retryable });
  }

  /** @param amountMinor what was really taken: all, or the part kept of a late cancellation. */
  capture(amountMinor: number, at: Date, now: Date): PaymentEvent | undefined {
    if (!may('capture', this.status)) return undefined;
    this.capturedAmountMinor = amountMinor;
    this.capturedAt = at;
    this.returnFee();
    this.move('capture', now);
    return paymentCaptured.of(this.state(at));
  }

  /** The hold ended without a capture: as wanted, by its deadline, or while the capture was still to come. */
  loseHold(failureCode: string | null, at: Date, now: Date): PaymentEvent | undefined {
    if (this.goal === 'CLOSE') return may('release', this.status) ? this.end('release', at, now) : undefined;
    if (this.goal === 'CAPTURE') return this.failCapture(failureCode ?? 'hold_lapsed', at, now);
    return may('lapse', this.status) ? this.end('lapse', at, now) : undefined;
  }

  failCapture(failureCode: string | null, at: Date, now: Date): PaymentEvent | undefined {
    // One that was given up on purpose has nothing to capture.
    if (!may('failCapture', this.status) || (this.status === 'CANCELLED' && this.goal !== 'CAPTURE'))
      return undefined;
    this.failureCode = failureCode;
    this.move('failCapture', now);
    return paymentCaptureFailed.of({ ...this.state(at), failureCode });
  }

  /** Promises a refund; together they never exceed what was captured. */
  reserveRefund(amountMinor: number, now: Date): PaymentNotRefundable | RefundExceedsPayment | undefined {
    if (!may('refundInPart', this.status)) return new PaymentNotRefundable(this.status);
    if (amountMinor > this.refundableMinor) return new RefundExceedsPayment(this.refundableMinor);
    this.refundPendingMinor += amountMinor;
    this.touch(now);
    return undefined;
  }

  settleRefund(refundId: string, amountMinor: number, at: Date, now: Date): PaymentEvent {
    this.refundPendingMinor -= amountMinor;
    this.refundedAmountMinor += amountMinor;
    this.returnFee();
    this.move(this.refundedAmountMinor === this.capturedAmountMinor ? 'refundInFull' : 'refundInPart', now);
    return paymentRefunded.of({ ...this.state(at), refundId, refundAmountMinor: amountMinor });
  }

  /** A refund that the bank refused, perhaps after it had looked settled. */
  failRefund(
    refund: { id: string; amountMinor: number; wasSettled: boolean },
    code: string | null,
    at: Date,
    now: Date,
  ) {
    if (refund.wasSettled) {
      this.refundedAmountMinor -= refund.amountMinor;
      this.returnFee();
      this.move(this.refundedAmountMinor === 0 ? 'takeBackAll' : 'takeBackPart', now);
    } else {
      this.refundPendingMinor -= refund.amountMinor;
      this.touch(now);
    }
    const of = { refundId: refund.id, refundAmountMinor: refund.amountMinor, failureCode: code };
    return paymentRefundFailed.of({ ...this.state(at), ...of });
  }

  /** Whole state, as every event of ours carries it. */
  state(at: Date): PaymentState {
    return {
      appointmentId: this.appointmentId,
      paymentId: this.id,
      practiceId: this.practiceId,
      version: this.version,
      status: this.status,
      amount: { amountMinor: this.amountMinor, currency: this.currency },
      attempt: this.attempt,
      capturedAmountMinor: this.capturedAmountMinor,
      refundedAmountMinor: this.refundedAmountMinor,
      occurredAt: at.toISOString(),
    };
  }

  /** The present state once more, for those who keep a copy. */
  restated(): PaymentEvent {
    return paymentRestated.of(this.state(this.updatedAt));
  }

  private endOrWait(verb: 'close' | 'giveUp', now: Date): PaymentEvent | undefined {
    if (may(verb, this.status)) return this.end(verb, now, now);
    this.touch(now);
    return undefined;
  }

  private end(verb: 'close' | 'giveUp' | 'release' | 'lapse', at: Date, now: Date): PaymentEvent {
    if (verb !== 'giveUp') this.cancelledAt = at;
    this.platformFeeReturnedMinor = this.platformFeeMinor;
    this.move(verb, now);
    return verb === 'lapse' ? paymentHoldLapsed.of(this.state(at)) : paymentVoided.of(this.state(at));
  }

  /** The one place where the status is assigned. */
  private move(verb: Verb, now: Date): void {
    this.status = lifecycle[verb].to;
    if (this.status !== 'ACTION_REQUIRED') this.clientSecret = null;
    this.touch(now);
  }

  private touch(now: Date): void {
    this.version += 1;
    this.updatedAt = now;
  }
}

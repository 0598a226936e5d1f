// An appointment: who sees whom, when, on which terms. Each verb returns what happened, or why it may not.
import {
  appointmentAwaitingProvider,
  appointmentCancelled,
  appointmentConfirmed,
  appointmentDeclined,
  appointmentExpired,
  appointmentExpiryNeared,
  appointmentPaymentFailed,
  appointmentPaymentRequested,
  appointmentRescheduled,
  appointmentVerificationRequested,
  type CancellationCause,
  type appointmentUpdated,
  type EventOf,
} from '@caregraph/contracts';
import { cancellationBy, type Actor } from './actor.js';
import {
  AppointmentNotCancellable,
  AppointmentNotConfirmable,
  AppointmentNotDeclinable,
  AppointmentNotReschedulable,
  CancellationNotAllowed,
  ConfirmationDeadlinePassed,
  PaymentHoldLapsed,
  PaymentNotRetryable,
  RescheduleLimitReached,
  RescheduleNotAllowed,
  RescheduleNoticePassed,
} from './appointment.refusals.js';
import { confirmationDeadline, paymentDeadline, paymentDue, rescheduleDeadline } from './deadline.policy.js';
import { lifecycle, may, type Verb } from './lifecycle.js';
import type { ModeReason } from './mode.policy.js';
import { AppointmentRecord, type Place } from './appointment.record.js';

/** How long the outside calendar has to answer before an instant booking becomes a request. */
export const verificationSeconds = 10;

export class Appointment extends AppointmentRecord {
  /** The processor holds the money. Instant bookings are confirmed, or verified first; requests go to the provider. */
  holdPayment(heldUntil: Date, calendarConnected: boolean, actor: Actor, now: Date) {
    if (this.status !== 'PENDING_PAYMENT' || this.paymentHeldAt) return undefined;
    this.paymentHeldAt = now;
    this.paymentHeldUntil = heldUntil;
    return this.proceed(calendarConnected, actor, now);
  }

  /** Goes on where the money is held or nothing is due. */
  proceed(calendarConnected: boolean, actor: Actor, now: Date) {
    if (this.mode === 'REQUEST') return this.awaitProvider(actor, now);
    if (!calendarConnected) return this.settleConfirmed(actor, now);
    const answerBy = new Date(now.getTime() + verificationSeconds * 1000);
    this.touch(now);
    return appointmentVerificationRequested.of({
      ...this.state(actor, now),
      answerBy: answerBy.toISOString(),
    });
  }

  /** The outside calendar is free. */
  verifyTime(actor: Actor, now: Date): EventOf<typeof appointmentConfirmed> | undefined {
    return this.awaitsCalendar ? this.settleConfirmed(actor, now) : undefined;
  }

  /** The outside calendar cannot be believed, or does not answer: the provider decides. */
  doubtTime(
    reason: ModeReason,
    actor: Actor,
    now: Date,
  ): EventOf<typeof appointmentAwaitingProvider> | undefined {
    if (!this.awaitsCalendar) return undefined;
    this.mode = 'REQUEST';
    this.modeReason = reason;
    return this.awaitProvider(actor, now);
  }

  /** The outside calendar is busy: called off, all money back (Y-32). */
  conflictTime(actor: Actor, now: Date): EventOf<typeof appointmentCancelled> | undefined {
    return this.awaitsCalendar ? this.callOff('conflict', 'CALENDAR_CONFLICT', null, actor, now) : undefined;
  }

  /** The provider, or the practice for him, says yes. */
  confirm(actor: Actor, now: Date) {
    if (this.status !== 'PENDING_CONFIRMATION') return new AppointmentNotConfirmable(this.status);
    // Compared with the clock and not with the expiry job, which may be late.
    if (this.confirmationDeadlineAt && now >= this.confirmationDeadlineAt)
      return new ConfirmationDeadlinePassed();
    if (!this.nothingDue && !(this.paymentHeldUntil && this.paymentHeldUntil > now))
      return new PaymentHoldLapsed();
    this.respond('CONFIRMED', now);
    return this.settleConfirmed(actor, now);
  }

  /** The provider says no. The reason stays here. */
  decline(actor: Actor, reason: string | null, now: Date) {
    if (!may('decline', this.status)) return new AppointmentNotDeclinable(this.status);
    if (this.confirmationDeadlineAt && now >= this.confirmationDeadlineAt)
      return new ConfirmationDeadlinePassed();
    this.cancelledAt = now;
    this.cancellationReason = reason;
    this.refundBasisPoints = 10_000;
    this.respond('DECLINED', now);
    this.move('decline', now);
    return appointmentDeclined.of({ ...this.state(actor, now), refundBasisPoints: 10_000 });
  }

  /** Called off by whoever the actor is; what goes back follows the policy copied at booking. */
  cancel(actor: Actor, reason: string | null, now: Date) {
    const [verb, cause] = cancellationBy(actor);
    if (!may(verb, this.status) || now >= this.start) return new AppointmentNotCancellable(this.status);
    if (actor.type === 'patient' && !this.allowCancellation) return new CancellationNotAllowed();
    return this.callOff(verb, cause, reason, actor, now);
  }

  /** The card was declined, or nobody paid in time: the time is free again, another card may be tried. */
  failPayment(actor: Actor, now: Date): EventOf<typeof appointmentPaymentFailed> | undefined {
    if (!may('failPayment', this.status) || this.paymentHeldAt) return undefined;
    this.paymentFailedAt = now;
    this.paymentDeadlineAt = null;
    this.move('failPayment', now);
    return appointmentPaymentFailed.of(this.state(actor, now));
  }

  /** Whether another card may be tried: 24 hours after a failure, at the latest until the start; or until it is due. */
  paymentRetryable(now: Date): boolean {
    if (this.status === 'CONFIRMED') return this.paymentDueAt !== null && now < this.paymentDueAt;
    return may('retryPayment', this.status) && this.expiresAt !== null && now < this.expiresAt;
  }

  /** Another card; the caller has taken the time anew. What stands already stays confirmed (Y-33). */
  retryPayment(paymentMethodId: string, actor: Actor, now: Date) {
    if (!this.paymentRetryable(now)) return new PaymentNotRetryable(this.status);
    this.paymentAttempts += 1;
    this.paymentFailedAt = null;
    this.paymentDeadlineAt =
      this.paymentDueAt ?? paymentDeadline(now, this.start, this.paymentTimeoutMinutes);
    if (this.status === 'CONFIRMED') this.touch(now);
    else this.move('retryPayment', now);
    return appointmentPaymentRequested.of({
      ...this.state(actor, now),
      paymentMethodId,
      paymentDeadlineAt: this.paymentDeadlineAt.toISOString(),
      attempt: this.paymentAttempts,
    });
  }

  /** The money could not be taken: it stays confirmed, and another card is due (Y-33). */
  failCapture(actor: Actor, now: Date): EventOf<typeof appointmentUpdated> {
    if (this.status === 'CONFIRMED') this.paymentDueAt ??= paymentDue(now, this.start);
    return this.note(actor, now);
  }

  /** The money was taken. */
  settlePayment(actor: Actor, now: Date): EventOf<typeof appointmentUpdated> {
    this.paymentDueAt = null;
    return this.note(actor, now);
  }

  /** The processor holds nothing any more: the provider's yes would have nothing to capture (Y-34). */
  loseHold(actor: Actor, now: Date): EventOf<typeof appointmentUpdated> {
    this.paymentHeldUntil = null;
    return this.note(actor, now);
  }

  /** Not paid in time: the time is given up; what was confirmed is called off. */
  giveUpUnpaid(actor: Actor, now: Date) {
    if (!this.paymentBy || now < this.paymentBy) return undefined;
    if (this.status !== 'CONFIRMED') return this.failPayment(actor, now);
    return this.callOff('cancelByAdmin', 'PAYMENT_UNPAID', null, actor, now);
  }

  /** Why the patient may not move it now, whatever the other time. */
  rescheduleRefusal(now: Date) {
    if (!may('reschedule', this.status) || now >= this.start)
      return new AppointmentNotReschedulable(this.status);
    if (!this.allowReschedule) return new RescheduleNotAllowed();
    if (this.rescheduleCount >= this.maxRescheduleAttempts)
      return new RescheduleLimitReached(this.maxRescheduleAttempts);
    if (now > rescheduleDeadline(this.start, this.rescheduleNoticeHours))
      return new RescheduleNoticePassed(this.rescheduleNoticeHours);
    return undefined;
  }

  /** The patient moves it; the caller has taken the time. Status and money stay as they are. */
  reschedule(to: Place, reason: string | null, actor: Actor, now: Date) {
    const refusal = this.rescheduleRefusal(now);
    if (refusal) return refusal;
    const previous = { previousStart: this.start.toISOString(), previousEnd: this.end.toISOString() };
    Object.assign(this, to, { requestedStart: to.start, requestedEnd: to.end });
    this.rescheduleCount += 1;
    this.rescheduleReason = reason;
    this.move('reschedule', now);
    return appointmentRescheduled.of({ ...this.state(actor, now), ...previous });
  }

  /** Nobody answered or nobody paid, and the time for it is over. Nothing happens before that. */
  expire(actor: Actor, now: Date): EventOf<typeof appointmentExpired> | undefined {
    const due = this.expiresAt;
    if (!may('expire', this.status) || !due || now < due) return undefined;
    const cause = this.status === 'PENDING_CONFIRMATION' ? 'PROVIDER_DID_NOT_ANSWER' : 'PAYMENT_ABANDONED';
    if (cause === 'PROVIDER_DID_NOT_ANSWER') this.respond('EXPIRED', now);
    this.refundBasisPoints = 10_000;
    this.move('expire', now);
    return appointmentExpired.of({ ...this.state(actor, now), cause, refundBasisPoints: 10_000 });
  }

  /** Nobody has answered and the deadline is near: the provider is warned, once. */
  nearExpiry(actor: Actor, now: Date): EventOf<typeof appointmentExpiryNeared> | undefined {
    const [from, until] = [this.expiryWarningAt, this.confirmationDeadlineAt];
    if (!from || !until || now < from || now >= until) return undefined;
    this.remindersSent += 1;
    this.touch(now);
    return appointmentExpiryNeared.of(this.state(actor, now));
  }

  /** The one place where the status is assigned. */
  move(verb: Verb, now: Date): void {
    this.status = lifecycle[verb].to;
    this.touch(now);
  }

  private settleConfirmed(actor: Actor, now: Date): EventOf<typeof appointmentConfirmed> {
    this.confirmedAt = now;
    this.confirmationDeadlineAt = null;
    this.move('confirm', now);
    return appointmentConfirmed.of(this.state(actor, now));
  }

  private awaitProvider(actor: Actor, now: Date): EventOf<typeof appointmentAwaitingProvider> {
    const { start, paymentHeldUntil: heldUntil, confirmationDeadlineHours: hours } = this;
    this.confirmationDeadlineAt = confirmationDeadline({ now, start, hours, heldUntil });
    this.confirmationRequestedAt = now;
    this.move('awaitProvider', now);
    return appointmentAwaitingProvider.of(this.state(actor, now));
  }

  private callOff(verb: Verb, cause: CancellationCause, reason: string | null, actor: Actor, now: Date) {
    const share = cause === 'PATIENT' ? this.refundShare(now) : 10_000;
    this.cancelledAt = now;
    this.cancellationReason = reason;
    this.refundBasisPoints = share;
    this.move(verb, now);
    return appointmentCancelled.of({ ...this.state(actor, now), cause, refundBasisPoints: share });
  }
}

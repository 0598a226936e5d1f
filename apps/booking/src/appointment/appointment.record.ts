// All that is kept of an appointment: the terms copied when it was booked, which later changes of type or provider do
// not touch, and where it stands.
import {
  appointmentUpdated,
  type AppointmentState,
  type AppointmentStatus,
  type EventOf,
} from '@caregraph/contracts';
import type { Actor } from './actor.js';
import { refundBasisPoints, type CancellationPolicy } from './cancellation.policy.js';
import { expiryWarningAt, retryDeadline } from './deadline.policy.js';
import type { BookingMode, ModeReason } from './mode.policy.js';

type Terms = Omit<AppointmentState, 'version' | 'status' | 'confirmationDeadlineAt' | 'changedAt' | 'actor'>;

/** How a request came to its end. */
export const responseTypes = ['CONFIRMED', 'DECLINED', 'EXPIRED'] as const;
export type ResponseType = (typeof responseTypes)[number];

/** When and where an appointment is: what an offer names besides its provider and type. */
export type Place = Pick<AppointmentRecord, 'start' | 'end' | 'locationId' | 'resourceIds'>;

export abstract class AppointmentRecord {
  id!: string;
  practiceId!: string;
  bookingNumber!: string;
  mode!: BookingMode;
  modeReason!: ModeReason;
  patientId!: string;
  /** Logins that act for the patient. */
  accounts!: string[];
  patientTimeZone!: string;
  providerId!: string;
  providerAccount!: string | null;
  providerTimeZone!: string;
  locationId!: string;
  resourceIds!: string[];
  appointmentTypeId!: string;
  appointmentTypeName!: string;
  priceAmountMinor!: number;
  priceCurrency!: string;
  paymentMode!: 'HOLD' | 'AT_VISIT';
  durationMinutes!: number;
  bufferBeforeMinutes!: number;
  bufferAfterMinutes!: number;
  /** As asked for; `start` and `end` are what stands now. */
  requestedStart!: Date;
  requestedEnd!: Date;
  start!: Date;
  end!: Date;
  cancellationPolicy!: CancellationPolicy;
  allowCancellation!: boolean;
  allowReschedule!: boolean;
  maxRescheduleAttempts!: number;
  rescheduleNoticeHours!: number;
  confirmationDeadlineHours!: number;
  paymentTimeoutMinutes!: number;
  /** The patient's own words to the provider; they never leave booking. */
  patientNotes!: string | null;

  status: AppointmentStatus = 'SLOT_RESERVED';
  version = 1;
  /** The money is held since then; null until it is. */
  paymentHeldAt: Date | null = null;
  paymentHeldUntil: Date | null = null;
  /** Unpaid then, the time is given up. */
  paymentDeadlineAt: Date | null = null;
  paymentFailedAt: Date | null = null;
  /** Confirmed, but the money could not be taken: another card is due by then (Y-33). */
  paymentDueAt: Date | null = null;
  paymentAttempts = 1;
  confirmationDeadlineAt: Date | null = null;
  /** The provider was asked then; null where he was not. */
  confirmationRequestedAt: Date | null = null;
  /** The provider answered, or his time was up (BK-010). */
  respondedAt: Date | null = null;
  responseType: ResponseType | null = null;
  /** How often the provider was warned that a request ends soon. */
  remindersSent = 0;
  confirmedAt: Date | null = null;
  cancelledAt: Date | null = null;
  cancellationReason: string | null = null;
  refundBasisPoints: number | null = null;
  /** The patient's own moves; each counts toward the maximum (Y-04). */
  rescheduleCount = 0;
  /** Why it was moved last, in the patient's words. */
  rescheduleReason: string | null = null;
  createdAt!: Date;
  updatedAt!: Date;

  /** Whether a card is involved at all. */
  get nothingDue(): boolean {
    return this.paymentMode === 'AT_VISIT' || this.priceAmountMinor === 0;
  }

  /** An instant booking that only waits for the outside calendar's word. */
  protected get awaitsCalendar(): boolean {
    const payable = this.paymentHeldAt !== null || this.nothingDue;
    return this.status === 'PENDING_PAYMENT' && this.mode === 'INSTANT' && payable;
  }

  /** Where it would be at another start: as long as it was booked for, whatever its type lasts today. */
  placeAt({ start, locationId, resourceIds }: Omit<Readonly<Place>, 'end'>): Place {
    const end = new Date(start.getTime() + this.durationMinutes * 60_000);
    return { start, end, locationId, resourceIds };
  }

  /** Whether it is confirmed for that time and location already. */
  standsAt({ start, locationId }: Pick<Place, 'start' | 'locationId'>): boolean {
    return (
      this.status === 'CONFIRMED' &&
      this.start.getTime() === start.getTime() &&
      this.locationId === locationId
    );
  }

  /**
   * What a patient who calls off now gets back, in basis points of what was taken. Only what was confirmed can cost
   * anything: before that nothing was promised to him.
   */
  refundShare(now: Date): number {
    const byPatient = this.status === 'CONFIRMED';
    return refundBasisPoints(this.cancellationPolicy, { start: this.start, now, byPatient });
  }

  /** When it ends by itself; null where it does not. */
  get expiresAt(): Date | null {
    if (this.status === 'PENDING_CONFIRMATION') return this.confirmationDeadlineAt;
    return this.status === 'PAYMENT_FAILED' && this.paymentFailedAt
      ? retryDeadline(this.paymentFailedAt, this.start)
      : null;
  }

  /** From when the provider is to be warned that a request ends (NT-054); null where there is nothing to warn of. */
  get expiryWarningAt(): Date | null {
    const { confirmationDeadlineAt: deadline, confirmationRequestedAt, createdAt } = this;
    if (this.status !== 'PENDING_CONFIRMATION' || !deadline || this.remindersSent > 0) return null;
    return expiryWarningAt(confirmationRequestedAt ?? createdAt, deadline);
  }

  /** It is given up if it is not paid by then; null where no payment is awaited. */
  get paymentBy(): Date | null {
    if (this.status === 'CONFIRMED') return this.paymentDueAt;
    return this.status === 'PENDING_PAYMENT' && !this.paymentHeldAt ? this.paymentDeadlineAt : null;
  }

  /** Something besides the status was heard of: clients that watch must see it. */
  note(actor: Actor, now: Date): EventOf<typeof appointmentUpdated> {
    this.touch(now);
    return appointmentUpdated.of(this.state(actor, now));
  }

  /** The patient was erased: who acted for him, and what was said of him, is gone. */
  forgetPatient(actor: Actor, now: Date): EventOf<typeof appointmentUpdated> {
    this.accounts = [];
    this.patientNotes = this.cancellationReason = this.rescheduleReason = null;
    return this.note(actor, now);
  }

  protected touch(now: Date): void {
    this.version += 1;
    this.updatedAt = now;
  }

  protected respond(type: ResponseType, now: Date): void {
    this.respondedAt = now;
    this.responseType = type;
  }

  /** Whole state, as every event of ours carries it. */
  state(actor: Actor, now: Date): AppointmentState {
    return {
      ...this.terms(),
      version: this.version,
      status: this.status,
      confirmationDeadlineAt: this.confirmationDeadlineAt?.toISOString() ?? null,
      changedAt: now.toISOString(),
      actor,
    };
  }

  /** The part of each event that speaks of the terms. */
  private terms(): Terms {
    return {
      appointmentId: this.id,
      practiceId: this.practiceId,
      bookingNumber: this.bookingNumber,
      mode: this.mode,
      modeReason: this.modeReason,
      providerId: this.providerId,
      providerAccount: this.providerAccount,
      patientId: this.patientId,
      accounts: this.accounts,
      appointmentTypeId: this.appointmentTypeId,
      appointmentTypeName: this.appointmentTypeName,
      locationId: this.locationId,
      start: this.start.toISOString(),
      end: this.end.toISOString(),
      providerTimeZone: this.providerTimeZone,
      patientTimeZone: this.patientTimeZone,
      price: { amountMinor: this.priceAmountMinor, currency: this.priceCurrency },
      paymentMode: this.paymentMode,
    };
  }
}

// All that is kept of an appointment: the terms copied when it was booked, which later changes of type or provider do
// not touch, and where it stands.
import type { AppointmentState, AppointmentStatus } from '@caregraph/contracts';
import type { Actor } from './actor.js';
import { refundBasisPoints, type CancellationPolicy } from './cancellation.policy.js';
import { retryDeadline } from './deadline.policy.js';
import type { BookingMode, ModeReason } from './mode.policy.js';

type Terms = Omit<AppointmentState, 'version' | 'status' | 'confirmationDeadlineAt' | 'changedAt' | 'actor'>;

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

  /** It is given up if it is not paid by then; null where no payment is awaited. */
  get paymentBy(): Date | null {
    if (this.status === 'CONFIRMED') return this.paymentDueAt;
    return this.status === 'PENDING_PAYMENT' && !this.paymentHeldAt ? this.paymentDeadlineAt : null;
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

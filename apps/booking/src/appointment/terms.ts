// What was agreed when the appointment was booked: copied, so that later changes of type or provider do not touch it.
import type { AppointmentState } from '@caregraph/contracts';
import type { CancellationPolicy } from './cancellation.policy.js';
import type { BookingMode, ModeReason } from './mode.policy.js';

type Terms = Omit<AppointmentState, 'version' | 'status' | 'confirmationDeadlineAt' | 'changedAt' | 'actor'>;

export abstract class AppointmentTerms {
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

  /** The part of each event that speaks of the terms. */
  protected terms(): Terms {
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

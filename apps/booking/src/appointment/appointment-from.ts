// A new appointment out of a hold, with the terms that stand at this moment copied onto it.
import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { isOn, Refusal, type FlagsSet } from '@caregraph/contracts';
import {
  KnownCalendar,
  KnownPractice,
  type KnownAppointmentType,
  type KnownProvider,
} from '../catalogue/known.js';
import type { SlotHold } from '../hold/hold.js';
import { buffersOf } from '../offer/read-offer.js';
import { accountsOf } from '../patient/patient-access.js';
import type { Patient } from '../patient/patient.js';
import { Appointment } from './appointment.js';
import type { BookingsDisabled, RequestModeDisabled } from './appointment.refusals.js';
import { bookingNumber } from './booking-number.js';
import { policyFor } from './cancellation.policy.js';
import { admittedMode, modeFor, noBetterThan } from './mode.policy.js';

interface Parts {
  readonly hold: SlotHold;
  readonly patient: Patient;
  readonly provider: KnownProvider;
  readonly type: KnownAppointmentType;
  readonly notes: string | null;
  /** What is switched on now counts for this appointment as long as it lives. */
  readonly flags: FlagsSet;
  readonly now: Date;
}

export async function appointmentFrom(
  em: EntityManager,
  parts: Parts,
): Promise<Appointment | BookingsDisabled | RequestModeDisabled> {
  const { hold, patient, provider, type, flags, now } = parts;
  const practice = await em.findOneOrFail(KnownPractice, { id: hold.practiceId });
  const calendar = await em.findOne(KnownCalendar, { id: provider.id });
  const { settings } = provider;
  const buffers = buffersOf(type, provider);
  const found = noBetterThan(hold.offeredMode, modeFor(settings, calendar?.state ?? 'NOT_CONNECTED'));
  const mode = admittedMode(flags, provider.id, found.mode);
  if (mode instanceof Refusal) return mode;
  return Object.assign(new Appointment(), {
    id: randomUUID(),
    practiceId: hold.practiceId,
    bookingNumber: bookingNumber(practice.bookingNumberPrefix, hold.start, provider.timeZone),
    mode,
    // A flag for this provider, or for all, is a setting like his own; events know no other word for it.
    modeReason: mode === found.mode ? found.modeReason : 'PROVIDER_SETTING',
    patientId: patient.id,
    accounts: await accountsOf(em, patient.id),
    patientTimeZone: patient.timeZone,
    providerId: provider.id,
    providerAccount: provider.account,
    providerTimeZone: provider.timeZone,
    locationId: hold.locationId,
    resourceIds: hold.resourceIds,
    appointmentTypeId: type.id,
    appointmentTypeName: type.name,
    priceAmountMinor: type.priceAmountMinor,
    priceCurrency: type.priceCurrency,
    paymentMode: isOn(flags, 'booking.payment_holds_enabled', provider.id) ? type.paymentMode : 'AT_VISIT',
    durationMinutes: type.durationMinutes,
    bufferBeforeMinutes: buffers.before,
    bufferAfterMinutes: buffers.after,
    requestedStart: hold.start,
    requestedEnd: hold.end,
    start: hold.start,
    end: hold.end,
    cancellationPolicy: policyFor(type.cancellationPolicy ?? null, settings),
    allowCancellation: settings.allowCancellation,
    allowReschedule: settings.allowReschedule,
    maxRescheduleAttempts: settings.maxRescheduleAttempts,
    rescheduleNoticeHours: settings.rescheduleNoticeHours,
    confirmationDeadlineHours: settings.confirmationDeadlineHours,
    paymentTimeoutMinutes: settings.paymentTimeoutMinutes,
    patientNotes: parts.notes,
    createdAt: now,
    updatedAt: now,
  } satisfies Partial<Appointment>);
}

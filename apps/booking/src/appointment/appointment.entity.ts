// How an appointment lies in PostgreSQL. Status and version are compared on each write, so that a confirm racing an
// expiry wins or loses cleanly.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { appointmentStatuses, modeReasons } from '@caregraph/contracts';
import { Appointment } from './appointment.js';
import type { CancellationPolicy } from './cancellation.policy.js';

const instant = () => p.datetime().columnType('timestamptz');

export const AppointmentSchema = defineEntity({
  class: Appointment,
  tableName: 'appointment',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    bookingNumber: p.string(),
    status: p.enum(appointmentStatuses).concurrencyCheck(),
    version: p.integer().concurrencyCheck(),
    mode: p.enum(['INSTANT', 'REQUEST'] as const),
    modeReason: p.enum(modeReasons),
    patientId: p.uuid(),
    accounts: p.array(),
    patientTimeZone: p.string(),
    providerId: p.uuid(),
    providerAccount: p.string().nullable(),
    providerTimeZone: p.string(),
    locationId: p.uuid(),
    resourceIds: p.array(),
    appointmentTypeId: p.uuid(),
    appointmentTypeName: p.string(),
    priceAmountMinor: p.integer(),
    priceCurrency: p.string(),
    paymentMode: p.enum(['HOLD', 'AT_VISIT'] as const),
    durationMinutes: p.integer(),
    bufferBeforeMinutes: p.integer(),
    bufferAfterMinutes: p.integer(),
    requestedStart: instant(),
    requestedEnd: instant(),
    start: instant().fieldName('start_at'),
    end: instant().fieldName('end_at'),
    cancellationPolicy: p.json<CancellationPolicy>(),
    allowCancellation: p.boolean(),
    allowReschedule: p.boolean(),
    maxRescheduleAttempts: p.integer(),
    rescheduleNoticeHours: p.integer(),
    rescheduleCount: p.integer(),
    rescheduleReason: p.text().nullable(),
    confirmationDeadlineHours: p.integer(),
    paymentTimeoutMinutes: p.integer(),
    patientNotes: p.text().nullable(),
    paymentHeldAt: instant().nullable(),
    paymentHeldUntil: instant().nullable(),
    paymentDeadlineAt: instant().nullable(),
    paymentFailedAt: instant().nullable(),
    paymentAttempts: p.integer(),
    confirmationDeadlineAt: instant().nullable(),
    confirmedAt: instant().nullable(),
    cancelledAt: instant().nullable(),
    cancellationReason: p.text().nullable(),
    refundBasisPoints: p.integer().nullable(),
    createdAt: instant(),
    updatedAt: instant(),
  },
});

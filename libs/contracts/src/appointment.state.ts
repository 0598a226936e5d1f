// An appointment as every event of it carries it: whole. Reasons and notes are not in it: they never leave booking.
import { z } from 'zod';
import { actor, id, instant, money, timeZone, version } from './fields.js';

export const appointmentStatuses = [
  'SLOT_RESERVED',
  'PENDING_PAYMENT',
  'PENDING_CONFIRMATION',
  'RESCHEDULE_PROPOSED',
  'RESCHEDULE_PENDING',
  'CONFIRMED',
  'CHECKED_IN',
  'IN_PROGRESS',
  'COMPLETED',
  'CANCELLED_PATIENT',
  'CANCELLED_PROVIDER',
  'CANCELLED_ADMIN',
  'EXPIRED',
  'NO_SHOW',
  'PAYMENT_FAILED',
] as const;
export type AppointmentStatus = (typeof appointmentStatuses)[number];

export const modeReasons = [
  'PROVIDER_SETTING',
  'NO_CALENDAR',
  'CALENDAR_CONNECTED',
  'CALENDAR_STALE',
  'CALENDAR_SILENT',
] as const;

/** The state that each appointment event speaks of. Reasons and notes are not in it: they never leave booking. */
export const appointmentState = z.object({
  appointmentId: id,
  version,
  practiceId: id,
  bookingNumber: z.string().describe('What people read to each other: CG-20260115-A7B3C.'),
  status: z.enum(appointmentStatuses),
  mode: z.enum(['INSTANT', 'REQUEST']),
  modeReason: z.enum(modeReasons).describe('Why it is instant or a request.'),
  providerId: id,
  providerAccount: z.string().nullable().describe("The provider's login (sub), who may see the appointment."),
  patientId: id,
  accounts: z.array(z.string()).describe('Logins (sub) that act for the patient.'),
  appointmentTypeId: id,
  appointmentTypeName: z.string(),
  locationId: id,
  start: instant,
  end: instant,
  providerTimeZone: timeZone,
  patientTimeZone: timeZone,
  price: money,
  paymentMode: z.enum(['HOLD', 'AT_VISIT']),
  confirmationDeadlineAt: instant.nullable().describe('The provider must answer before it.'),
  changedAt: instant,
  actor,
});
export type AppointmentState = z.infer<typeof appointmentState>;

export const exampleAppointmentState: AppointmentState = {
  appointmentId: '5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0a01',
  version: 3,
  practiceId: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a01',
  bookingNumber: 'CG-20261201-A7B3C',
  status: 'PENDING_PAYMENT',
  mode: 'REQUEST',
  modeReason: 'NO_CALENDAR',
  providerId: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a03',
  providerAccount: 'demo|amelia-reyes',
  patientId: '5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0a02',
  accounts: ['demo|pat-lee'],
  appointmentTypeId: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a04',
  appointmentTypeName: 'First visit',
  locationId: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a02',
  start: '2026-12-01T15:00:00.000Z',
  end: '2026-12-01T15:45:00.000Z',
  providerTimeZone: 'America/New_York',
  patientTimeZone: 'America/New_York',
  price: { amountMinor: 12000, currency: 'USD' },
  paymentMode: 'HOLD',
  confirmationDeadlineAt: null,
  changedAt: '2026-11-21T12:00:00.000Z',
  actor: { type: 'patient', sub: 'demo|pat-lee' },
};

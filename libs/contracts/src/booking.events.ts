// What booking tells the others. Appointment events carry the appointment's whole state, keyed by its id.
import { z } from 'zod';
import { defineEvent, type EventDataOf } from './event.js';
import { actor, basisPoints, id, instant, money, sealed, timeZone, version } from './fields.js';

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

export const modeReasons = ['PROVIDER_SETTING', 'NO_CALENDAR', 'CALENDAR_CONNECTED', 'CALENDAR_STALE', 'CALENDAR_SILENT'] as const;

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

const noun = 'appointment';
const key = 'appointmentId';

export const appointmentRequested = defineEvent(
  'booking.appointment-requested.v1',
  appointmentState.extend({
    paymentMethodId: z.string().nullable().describe("The processor's id of the card; null where nothing is due."),
    paymentDeadlineAt: instant.nullable().describe('Unpaid then, the appointment becomes PAYMENT_FAILED (Y-28).'),
  }),
  {
    noun,
    key,
    description: 'A time was taken; payments holds the money unless nothing is due.',
    example: { ...exampleAppointmentState, paymentMethodId: 'pm_card_visa', paymentDeadlineAt: '2026-11-21T12:15:00.000Z' },
  },
);

export const appointmentPaymentRequested = defineEvent(
  'booking.appointment-payment-requested.v1',
  appointmentState.extend({
    paymentMethodId: z.string(),
    paymentDeadlineAt: instant,
    attempt: z.int().min(2).describe('Grows with each card tried.'),
  }),
  {
    noun,
    key,
    description: 'The patient tries another card after a failed payment.',
    example: {
      ...exampleAppointmentState,
      paymentMethodId: 'pm_card_visa',
      paymentDeadlineAt: '2026-11-21T12:15:00.000Z',
      attempt: 2,
    },
  },
);

export const appointmentVerificationRequested = defineEvent(
  'booking.appointment-verification-requested.v1',
  appointmentState.extend({ answerBy: instant.describe('No answer by then makes it a request.') }),
  {
    noun,
    key,
    description: "The money is held; calendar-sync is asked whether the provider's outside calendar is free.",
    example: { ...exampleAppointmentState, mode: 'INSTANT', modeReason: 'CALENDAR_CONNECTED', answerBy: '2026-11-21T12:00:10.000Z' },
  },
);

export const appointmentAwaitingProvider = defineEvent('booking.appointment-awaiting-provider.v1', appointmentState, {
  noun,
  key,
  description: 'The provider is asked; he answers before confirmationDeadlineAt.',
  example: { ...exampleAppointmentState, status: 'PENDING_CONFIRMATION', confirmationDeadlineAt: '2026-11-22T12:00:00.000Z' },
});

export const appointmentConfirmed = defineEvent('booking.appointment-confirmed.v1', appointmentState, {
  noun,
  key,
  description: 'The appointment stands. Payments captures what is held.',
  example: { ...exampleAppointmentState, status: 'CONFIRMED' },
});

export const appointmentDeclined = defineEvent(
  'booking.appointment-declined.v1',
  appointmentState.extend({ refundBasisPoints: basisPoints }),
  {
    noun,
    key,
    description: 'The provider said no. The reason stays in booking. Payments gives the money back.',
    example: { ...exampleAppointmentState, status: 'CANCELLED_PROVIDER', refundBasisPoints: 10_000 },
  },
);

export const expiryCauses = ['PROVIDER_DID_NOT_ANSWER', 'PAYMENT_ABANDONED'] as const;
export const appointmentExpired = defineEvent(
  'booking.appointment-expired.v1',
  appointmentState.extend({ cause: z.enum(expiryCauses), refundBasisPoints: basisPoints }),
  {
    noun,
    key,
    description: 'Nobody answered, or nobody paid, in time. Payments gives the money back.',
    example: { ...exampleAppointmentState, status: 'EXPIRED', cause: 'PROVIDER_DID_NOT_ANSWER', refundBasisPoints: 10_000 },
  },
);

export const cancellationCauses = ['PATIENT', 'PROVIDER', 'ADMIN', 'CALENDAR_CONFLICT', 'PAYMENT_UNPAID'] as const;
export type CancellationCause = (typeof cancellationCauses)[number];
export const appointmentCancelled = defineEvent(
  'booking.appointment-cancelled.v1',
  appointmentState.extend({ cause: z.enum(cancellationCauses), refundBasisPoints: basisPoints }),
  {
    noun,
    key,
    description: 'Called off. Payments refunds the given share by its own state: a hold is voided, or its fee part captured.',
    example: { ...exampleAppointmentState, status: 'CANCELLED_PATIENT', cause: 'PATIENT', refundBasisPoints: 5_000 },
  },
);

export const appointmentPaymentFailed = defineEvent('booking.appointment-payment-failed.v1', appointmentState, {
  noun,
  key,
  description: 'The payment failed or was not made in time; the time is free again. Another card may be tried for 24 h.',
  example: { ...exampleAppointmentState, status: 'PAYMENT_FAILED' },
});

export const appointmentRescheduled = defineEvent(
  'booking.appointment-rescheduled.v1',
  appointmentState.extend({ previousStart: instant, previousEnd: instant }),
  {
    noun,
    key,
    description: 'Moved to another time; status and money stay as they were.',
    example: {
      ...exampleAppointmentState,
      status: 'CONFIRMED',
      previousStart: '2026-11-30T15:00:00.000Z',
      previousEnd: '2026-11-30T15:45:00.000Z',
    },
  },
);

export const appointmentUpdated = defineEvent('booking.appointment-updated.v1', appointmentState, {
  noun,
  key,
  description: 'Something besides the status changed: money, calendar or messages of it were heard of.',
  example: { ...exampleAppointmentState, status: 'CONFIRMED' },
});

export const claimsChanged = defineEvent(
  'booking.claims-changed.v1',
  z.object({
    ownerId: id.describe('The hold or the appointment that occupies the time.'),
    ownerKind: z.enum(['HOLD', 'APPOINTMENT']),
    practiceId: id,
    version,
    claims: z
      .array(z.object({ subjectId: id.describe('A provider or a resource.'), start: instant, end: instant }))
      .describe('All that the owner occupies, buffers included; empty: all is free again.'),
    expiresAt: instant.nullable().describe('A hold counts until then, also when nobody says so.'),
  }),
  {
    noun: 'claim',
    key: 'ownerId',
    description: 'What one hold or appointment occupies, whole.',
    example: {
      ownerId: '5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0a01',
      ownerKind: 'APPOINTMENT',
      practiceId: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a01',
      version: 1,
      claims: [
        {
          subjectId: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a03',
          start: '2026-12-01T15:00:00.000Z',
          end: '2026-12-01T16:00:00.000Z',
        },
      ],
      expiresAt: null,
    },
  },
);

export const patientChanged = defineEvent(
  'booking.patient-changed.v1',
  z.object({
    patientId: id,
    practiceId: id,
    version,
    accounts: z.array(z.string()),
    timeZone,
    language: z.string().min(2).max(35).describe('BCP 47, for example en-US.'),
    contact: sealed.nullable().describe('JSON {firstName, lastName, email, mobile}; null once erased.'),
    textConsent: z.boolean().describe('Consent given to texts; whether one may be sent is for notifications to say.'),
    erased: z.boolean().describe('True: every copy must be wiped.'),
  }),
  {
    noun: 'patient',
    key: 'patientId',
    description: 'A patient was registered, changed or erased.',
    example: {
      patientId: '5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0a02',
      practiceId: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a01',
      version: 1,
      accounts: ['demo|pat-lee'],
      timeZone: 'America/New_York',
      language: 'en-US',
      contact: 'sealed.v1.2026a.AAAA.AAAA',
      textConsent: true,
      erased: false,
    },
  },
);

export type AppointmentRequested = EventDataOf<typeof appointmentRequested>;
export type AppointmentConfirmed = EventDataOf<typeof appointmentConfirmed>;
export type AppointmentCancelled = EventDataOf<typeof appointmentCancelled>;
export type AppointmentExpired = EventDataOf<typeof appointmentExpired>;
export type AppointmentDeclined = EventDataOf<typeof appointmentDeclined>;
export type ClaimsChanged = EventDataOf<typeof claimsChanged>;
export type PatientChanged = EventDataOf<typeof patientChanged>;

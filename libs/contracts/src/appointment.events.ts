// What booking tells the others of appointments. Its events carry the appointment's whole state, keyed by its id.
import { z } from 'zod';
import { appointmentState, exampleAppointmentState } from './appointment.state.js';
import { defineEvent, type EventDataOf } from './event.js';
import { basisPoints, instant } from './fields.js';

const noun = 'appointment';
const key = 'appointmentId';

export const appointmentRequested = defineEvent(
  'booking.appointment-requested.v1',
  appointmentState.extend({
    paymentMethodId: z
      .string()
      .nullable()
      .describe("The processor's id of the card; null where nothing is due."),
    paymentDeadlineAt: instant
      .nullable()
      .describe('Unpaid then, the appointment becomes PAYMENT_FAILED (Y-28).'),
  }),
  {
    noun,
    key,
    description: 'A time was taken; payments holds the money unless nothing is due.',
    example: {
      ...exampleAppointmentState,
      paymentMethodId: 'pm_card_visa',
      paymentDeadlineAt: '2026-11-21T12:15:00.000Z',
    },
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
    example: {
      ...exampleAppointmentState,
      mode: 'INSTANT',
      modeReason: 'CALENDAR_CONNECTED',
      answerBy: '2026-11-21T12:00:10.000Z',
    },
  },
);

export const appointmentAwaitingProvider = defineEvent(
  'booking.appointment-awaiting-provider.v1',
  appointmentState,
  {
    noun,
    key,
    description: 'The provider is asked; he answers before confirmationDeadlineAt.',
    example: {
      ...exampleAppointmentState,
      status: 'PENDING_CONFIRMATION',
      confirmationDeadlineAt: '2026-11-22T12:00:00.000Z',
    },
  },
);

export const appointmentExpiryNeared = defineEvent('booking.appointment-expiry-neared.v1', appointmentState, {
  noun,
  key,
  description: 'A request is still unanswered and ends at confirmationDeadlineAt soon; told once.',
  example: {
    ...exampleAppointmentState,
    status: 'PENDING_CONFIRMATION',
    confirmationDeadlineAt: '2026-11-21T15:30:00.000Z',
  },
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
    example: {
      ...exampleAppointmentState,
      status: 'EXPIRED',
      cause: 'PROVIDER_DID_NOT_ANSWER',
      refundBasisPoints: 10_000,
    },
  },
);

export const cancellationCauses = [
  'PATIENT',
  'PROVIDER',
  'ADMIN',
  'CALENDAR_CONFLICT',
  'PAYMENT_UNPAID',
] as const;
export type CancellationCause = (typeof cancellationCauses)[number];
export const appointmentCancelled = defineEvent(
  'booking.appointment-cancelled.v1',
  appointmentState.extend({ cause: z.enum(cancellationCauses), refundBasisPoints: basisPoints }),
  {
    noun,
    key,
    description:
      'Called off. Payments refunds the given share by its own state: a hold is voided, or its fee part captured.',
    example: {
      ...exampleAppointmentState,
      status: 'CANCELLED_PATIENT',
      cause: 'PATIENT',
      refundBasisPoints: 5_000,
    },
  },
);

export const appointmentPaymentFailed = defineEvent(
  'booking.appointment-payment-failed.v1',
  appointmentState,
  {
    noun,
    key,
    description:
      'The payment failed or was not made in time; the time is free again. Another card may be tried for 24 h.',
    example: { ...exampleAppointmentState, status: 'PAYMENT_FAILED' },
  },
);

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

export type AppointmentRequested = EventDataOf<typeof appointmentRequested>;
export type AppointmentConfirmed = EventDataOf<typeof appointmentConfirmed>;
export type AppointmentCancelled = EventDataOf<typeof appointmentCancelled>;
export type AppointmentExpired = EventDataOf<typeof appointmentExpired>;
export type AppointmentDeclined = EventDataOf<typeof appointmentDeclined>;

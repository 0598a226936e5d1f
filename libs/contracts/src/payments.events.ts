// What payments tells the others, keyed by the appointment's id so that the saga stays in order.
import { z } from 'zod';
import { defineEvent, type EventDataOf } from './event.js';
import { id, instant, money, version } from './fields.js';

export const paymentStatuses = [
  'PENDING',
  'ACTION_REQUIRED',
  'HELD',
  'CAPTURED',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
  'FAILED',
  'CANCELLED',
] as const;

export const paymentState = z.object({
  appointmentId: id,
  paymentId: id,
  practiceId: id,
  version,
  status: z.enum(paymentStatuses),
  attempt: z
    .int()
    .min(1)
    .describe('Which card this is, counted by booking; news of an older one is dropped.'),
  amount: money,
  capturedAmountMinor: z.int().min(0),
  refundedAmountMinor: z.int().min(0),
  occurredAt: instant.describe('When the processor says it happened.'),
});
export type PaymentState = z.infer<typeof paymentState>;

const example: PaymentState = {
  appointmentId: '5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0a01',
  paymentId: '7c1d2e3f-0000-4000-8000-000000000001',
  practiceId: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a01',
  version: 2,
  status: 'HELD',
  attempt: 1,
  amount: { amountMinor: 12000, currency: 'USD' },
  capturedAmountMinor: 0,
  refundedAmountMinor: 0,
  occurredAt: '2026-11-21T12:00:02.000Z',
};
const noun = 'payment';
const key = 'appointmentId';

export const paymentHeld = defineEvent(
  'payments.payment-held.v1',
  paymentState.extend({
    heldUntil: instant.describe("The processor's capture_before: after it the hold is gone."),
  }),
  {
    noun,
    key,
    description: 'The amount is authorised.',
    example: { ...example, heldUntil: '2026-11-28T12:00:02.000Z' },
  },
);
export const paymentActionRequired = defineEvent('payments.payment-action-required.v1', paymentState, {
  noun,
  key,
  description: 'The payer must approve the payment with the bank (3-D Secure) before anything is held.',
  example: { ...example, status: 'ACTION_REQUIRED' },
});
export const paymentFailed = defineEvent(
  'payments.payment-failed.v1',
  paymentState.extend({
    declineCode: z.string().nullable().describe("The processor's word, for example insufficient_funds."),
    retryable: z.boolean().describe('False: this card must not be tried again.'),
  }),
  {
    noun,
    key,
    description: 'The card was declined, or the payment was given up.',
    example: { ...example, status: 'FAILED', declineCode: 'insufficient_funds', retryable: true },
  },
);
export const paymentCaptured = defineEvent('payments.payment-captured.v1', paymentState, {
  noun,
  key,
  description: 'The money is ours to pass on.',
  example: { ...example, status: 'CAPTURED', capturedAmountMinor: 12000 },
});
export const paymentCaptureFailed = defineEvent(
  'payments.payment-capture-failed.v1',
  paymentState.extend({ failureCode: z.string().nullable() }),
  {
    noun,
    key,
    description: 'The capture was refused; another card is needed.',
    example: { ...example, failureCode: 'card_declined' },
  },
);
export const paymentVoided = defineEvent('payments.payment-voided.v1', paymentState, {
  noun,
  key,
  description: 'The hold was given up; nothing was taken.',
  example: { ...example, status: 'CANCELLED' },
});
export const paymentHoldLapsed = defineEvent('payments.payment-hold-lapsed.v1', paymentState, {
  noun,
  key,
  description: "The hold ended at the processor's deadline without a capture.",
  example: { ...example, status: 'CANCELLED' },
});
export const paymentRefunded = defineEvent(
  'payments.payment-refunded.v1',
  paymentState.extend({ refundId: id, refundAmountMinor: z.int().positive() }),
  {
    noun,
    key,
    description: 'Money went back to the payer.',
    example: {
      ...example,
      status: 'PARTIALLY_REFUNDED',
      capturedAmountMinor: 12000,
      refundedAmountMinor: 6000,
      refundId: '7c1d2e3f-0000-4000-8000-000000000002',
      refundAmountMinor: 6000,
    },
  },
);
export const paymentRefundFailed = defineEvent(
  'payments.payment-refund-failed.v1',
  paymentState.extend({
    refundId: id,
    refundAmountMinor: z.int().positive(),
    failureCode: z.string().nullable(),
  }),
  {
    noun,
    key,
    description: 'A refund did not go through; staff must act.',
    example: {
      ...example,
      status: 'CAPTURED',
      capturedAmountMinor: 12000,
      refundId: '7c1d2e3f-0000-4000-8000-000000000002',
      refundAmountMinor: 6000,
      failureCode: 'expired_or_canceled_card',
    },
  },
);
export const paymentRestated = defineEvent('payments.payment-restated.v1', paymentState, {
  noun,
  key,
  description:
    'The present state, said again for those who keep a copy (`ops republish`). Nothing happened: nobody acts on it.',
  example: { ...example, status: 'CAPTURED', capturedAmountMinor: 12000 },
});

export type PaymentHeld = EventDataOf<typeof paymentHeld>;
export type PaymentFailed = EventDataOf<typeof paymentFailed>;
export type PaymentCaptured = EventDataOf<typeof paymentCaptured>;
export type PaymentRefunded = EventDataOf<typeof paymentRefunded>;

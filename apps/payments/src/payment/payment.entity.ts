// How payments and their attempts lie in PostgreSQL. Status and version are compared on each write, so that two
// workers with news of one payment win or lose cleanly.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { cancellationCauses, paymentStatuses } from '@caregraph/contracts';
import { attemptOutcomes, PaymentAttempt, type VoidCause } from './attempt.js';
import { paymentGoals } from './amounts.js';
import { Payment, type CloseCause } from './payment.js';

const instant = () => p.datetime().columnType('timestamptz');
const closeCauses: readonly CloseCause[] = [...cancellationCauses, 'DECLINED', 'EXPIRED', 'PAYMENT_FAILED'];
const voidCauses: readonly VoidCause[] = [...closeCauses, 'PAYMENT_LATE', 'PAYMENT_DECLINED'];

export const PaymentSchema = defineEntity({
  class: Payment,
  tableName: 'payment',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    appointmentId: p.uuid(),
    bookingNumber: p.string(),
    bookingType: p.enum(['INSTANT', 'REQUEST'] as const),
    providerId: p.uuid(),
    patientId: p.uuid(),
    appointmentTypeId: p.uuid(),
    description: p.string(),
    amountMinor: p.integer(),
    currency: p.string(),
    status: p.enum(paymentStatuses).concurrencyCheck(),
    version: p.integer().concurrencyCheck(),
    attempt: p.integer(),
    goal: p.enum(paymentGoals),
    refundBasisPoints: p.integer().nullable(),
    closeCause: p.enum(closeCauses).nullable(),
    capturedAmountMinor: p.integer(),
    refundedAmountMinor: p.integer(),
    refundPendingMinor: p.integer(),
    platformFeeMinor: p.integer(),
    platformFeeReturnedMinor: p.integer(),
    heldUntil: instant().nullable(),
    clientSecret: p.string().nullable(),
    failureCode: p.string().nullable(),
    heldAt: instant().nullable(),
    capturedAt: instant().nullable(),
    cancelledAt: instant().nullable(),
    createdAt: instant(),
    updatedAt: instant(),
  },
});

export const PaymentAttemptSchema = defineEntity({
  class: PaymentAttempt,
  tableName: 'payment_attempt',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    paymentId: p.uuid(),
    number: p.integer(),
    paymentMethodId: p.string(),
    outcome: p.enum(attemptOutcomes),
    reference: p.string().nullable(),
    voidCause: p.enum(voidCauses).nullable(),
    createdAt: instant(),
    updatedAt: instant(),
  },
});

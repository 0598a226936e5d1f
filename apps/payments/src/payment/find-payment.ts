// Payments and their attempts, locked for a change. The payment's row is always locked first.
import { LockMode, type EntityManager, type FilterQuery } from '@mikro-orm/postgresql';
import { PaymentAttempt } from './attempt.js';
import { Payment } from './payment.js';
import type { OfAttempt } from './payment.jobs.js';

export const lockPayment = (em: EntityManager, where: FilterQuery<Payment>): Promise<Payment | null> =>
  em.findOne(Payment, where, { lockMode: LockMode.PESSIMISTIC_WRITE });

export interface PaymentWithAttempt {
  readonly payment: Payment;
  readonly attempt: PaymentAttempt;
}

/** A payment with one of its attempts; the one that is tried now if none is named. */
export async function lockAttempt(
  em: EntityManager,
  where: FilterQuery<Payment>,
  number?: number,
): Promise<PaymentWithAttempt | undefined> {
  const payment = await lockPayment(em, where);
  if (!payment) return undefined;
  const attempt = await em.findOne(PaymentAttempt, {
    paymentId: payment.id,
    number: number ?? payment.attempt,
  });
  return attempt ? { payment, attempt } : undefined;
}

export const lockOf = (
  em: EntityManager,
  { paymentId, attempt }: OfAttempt,
): Promise<PaymentWithAttempt | undefined> => lockAttempt(em, { id: paymentId }, attempt);

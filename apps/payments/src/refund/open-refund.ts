// Promises a refund in the current transaction; the processor is asked once that commits.
import { randomUUID } from 'node:crypto';
import { Refusal } from '@caregraph/contracts';
import { enqueue } from '@caregraph/jobs';
import type { Deps } from '../deps.js';
import type { Payment } from '../payment/payment.js';
import type { PaymentNotRefundable, RefundExceedsPayment } from '../payment/payment.refusals.js';
import { Refund, type Initiator } from './refund.js';
import { sendRefundJob } from './refund.jobs.js';

type InTransaction = Pick<Deps, 'em' | 'now'>;

/** The caller holds the payment's lock. */
export async function openRefund(
  { em, now }: InTransaction,
  payment: Payment,
  {
    cause,
    amountMinor,
    initiatedBy,
    reason = null,
  }: { cause: string; amountMinor: number; initiatedBy: Initiator; reason?: string | null },
): Promise<Refund | PaymentNotRefundable | RefundExceedsPayment> {
  const refusal = payment.reserveRefund(amountMinor, now);
  if (refusal instanceof Refusal) return refusal;
  const refund = new Refund();
  refund.id = randomUUID();
  refund.practiceId = payment.practiceId;
  refund.paymentId = payment.id;
  refund.cause = cause;
  refund.amountMinor = amountMinor;
  refund.currency = payment.currency;
  refund.initiatedBy = initiatedBy;
  refund.reason = reason;
  refund.createdAt = now;
  em.persist(refund);
  await enqueue(em, sendRefundJob, { refundId: refund.id }, { key: refund.id });
  return refund;
}

const cancellation = 'cancellation';

/** What a cancellation still owes the payer, once: a bank that refuses it is a matter for staff. */
export async function openCancellationRefund(deps: InTransaction, payment: Payment): Promise<void> {
  const amountMinor = payment.refundDueMinor;
  if (amountMinor === 0 || (await deps.em.count(Refund, { paymentId: payment.id, cause: cancellation })))
    return;
  await openRefund(deps, payment, { cause: cancellation, amountMinor, initiatedBy: initiatorOf(payment) });
}

function initiatorOf({ closeCause }: Payment): Initiator {
  switch (closeCause) {
    case 'PATIENT':
      return 'patient';
    case 'PROVIDER':
    case 'DECLINED':
      return 'provider';
    case 'ADMIN':
      return 'admin';
    case 'CALENDAR_CONFLICT':
    case 'PAYMENT_UNPAID':
    case 'EXPIRED':
    case 'PAYMENT_FAILED':
    case null:
      return 'system';
  }
}

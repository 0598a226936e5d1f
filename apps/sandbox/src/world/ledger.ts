// The world's own books: what really happened to money and mail. Tests and demos compare the product with it; the
// product itself never reads it.
import { z } from 'zod';
import { idOf, type Account } from '../stripe/account.js';
import type { Mail } from '../sendgrid/mail.js';

export const ledgerQuery = z.strictObject({
  /** Only what carries this appointment in its metadata or custom arguments. */
  appointmentId: z.string().optional(),
  /** Only mails to this address. */
  to: z.string().optional(),
});

/** The spellings under which the product may have put it. */
const appointmentOf = (labels: Readonly<Record<string, unknown>>): unknown =>
  labels.appointment_id ?? labels.appointmentId ?? labels.bookingId;

const instant = (seconds: number | null | undefined): string | null =>
  typeof seconds === 'number' ? new Date(seconds * 1_000).toISOString() : null;

export function ledger(
  account: Account,
  mails: readonly Mail[],
  wanted: z.infer<typeof ledgerQuery>,
): object {
  const { appointmentId, to } = wanted;
  const concerns = (labels: Readonly<Record<string, unknown>>): boolean =>
    appointmentId === undefined || appointmentOf(labels) === appointmentId;
  const paymentIntents = [...account.paymentIntents.values()]
    .filter(({ metadata }) => concerns(metadata))
    .map((intent) => paymentIntentEntry(account, intent.id));
  const ids = new Set(paymentIntents.map(({ id }) => id));
  const refunds = [...account.refunds.values()]
    .filter((refund) => ids.has(idOf(refund.payment_intent) ?? ''))
    .map((refund) => ({
      id: refund.id,
      paymentIntent: idOf(refund.payment_intent),
      amountMinor: refund.amount,
      currency: refund.currency,
      status: refund.status,
      metadata: refund.metadata ?? {},
      createdAt: instant(refund.created),
    }));
  const sent = mails.filter((mail) => concerns(mail.customArgs) && (to === undefined || mail.to === to));
  const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
  return {
    paymentIntents,
    refunds,
    mails: sent,
    counts: { paymentIntents: paymentIntents.length, refunds: refunds.length, mails: sent.length },
    totals: {
      heldMinor: sum(paymentIntents.map(({ heldMinor }) => heldMinor)),
      capturedMinor: sum(paymentIntents.map(({ capturedMinor }) => capturedMinor)),
      refundedMinor: sum(paymentIntents.map(({ refundedMinor }) => refundedMinor)),
    },
  };
}

function paymentIntentEntry(account: Account, id: string) {
  const intent = account.paymentIntent(id);
  const charges = [...account.charges.values()].filter(({ payment_intent }) => idOf(payment_intent) === id);
  const sum = (field: 'amount_captured' | 'amount_refunded'): number =>
    charges.reduce((total, charge) => total + charge[field], 0);
  return {
    id,
    status: intent.status,
    amountMinor: intent.amount,
    heldMinor: intent.amount_capturable,
    capturedMinor: sum('amount_captured'),
    refundedMinor: sum('amount_refunded'),
    currency: intent.currency,
    customer: idOf(intent.customer),
    metadata: intent.metadata,
    cancellationReason: intent.cancellation_reason,
    lastError: reasonOf(intent.last_payment_error),
    captureBefore: instant(charges.at(-1)?.payment_method_details?.card?.capture_before),
    attempts: charges.length,
    createdAt: instant(intent.created),
  };
}

const reasonOf = (error: { decline_code?: string; code?: string } | null): string | null =>
  error?.decline_code ?? error?.code ?? null;

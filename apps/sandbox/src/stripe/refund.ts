// Stripe's refunds: in part or whole, together never more than was captured; some settle later, and some then fail.
import type { Stripe } from 'stripe';
import { z } from 'zod';
import { idOf, raise, type Account } from './account.js';
import { InvalidParameter, missing, notAllowed } from './errors.js';
import { newId } from './ids.js';
import { listOf } from './list.js';
import { operation } from './operation.js';
import { amount, expand, metadata, page, text } from './parameters.js';

/** How long a refund that goes on takes to do so, in seconds of the world's clock. */
export const refundSettlesAfterSeconds = 5;

const createParameters = z.strictObject({
  amount: amount.optional(),
  charge: text.optional(),
  payment_intent: text.optional(),
  metadata: metadata.default({}),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  expand,
});
type CreateInput = z.infer<typeof createParameters>;

function chargeToRefund(account: Account, input: CreateInput): Stripe.Charge {
  if (input.charge) return account.charge(input.charge);
  if (!input.payment_intent) {
    throw new InvalidParameter(
      'One of the following params should be provided for this request: payment_intent or charge.',
      undefined,
      'parameter_missing',
    );
  }
  const intent = account.paymentIntent(input.payment_intent, 'payment_intent');
  const charge = account.charges.get(idOf(intent.latest_charge) ?? '');
  if (!charge?.captured) {
    throw notAllowed(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, {
      code: 'payment_intent_unexpected_state',
      param: 'payment_intent',
    });
  }
  return charge;
}

function create(account: Account, input: CreateInput): Stripe.Refund {
  const charge = chargeToRefund(account, input);
  const left = charge.amount_captured - charge.amount_refunded;
  if (!charge.captured) throw notAllowed(`Charge ${charge.id} has not been captured.`, { param: 'charge' });
  if (left === 0) {
    throw notAllowed(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  }
  const wanted = input.amount ?? left;
  if (wanted > left) {
    throw notAllowed(
      `Refund amount (${shown(wanted, charge)}) is greater than unrefunded amount on charge (${shown(left, charge)})`,
      { param: 'amount' },
    );
  }
  const behaviour = account.cards.get(charge.payment_method ?? '')?.refund;
  const refund = newRefund(account, input, charge, wanted, behaviour === 'pending-then-succeeded');
  account.refunds.set(refund.id, refund);
  if (behaviour) account.refundsDue.set(refund.id, refund.created + refundSettlesAfterSeconds);
  charge.amount_refunded += wanted;
  charge.refunded = charge.amount_refunded === charge.amount_captured;
  account.emit('refund.created', refund);
  account.emit('charge.refunded', charge);
  return refund;
}

const shown = (minor: number, { currency }: Stripe.Charge): string =>
  `${currency === 'usd' ? '$' : `${currency.toUpperCase()} `}${(minor / 100).toFixed(2)}`;

const newRefund = (
  account: Account,
  input: CreateInput,
  charge: Stripe.Charge,
  wanted: number,
  pending: boolean,
): Stripe.Refund =>
  ({
    id: newId('re'),
    object: 'refund',
    amount: wanted,
    balance_transaction: newId('txn'),
    charge: charge.id,
    created: account.clock.nowSeconds(),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: input.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: input.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: pending ? 'pending' : 'succeeded',
    transfer_reversal: null,
  }) as unknown as Stripe.Refund;

/** Lets refunds whose time has come succeed or fail. A failed one gives the charge its amount back. */
export function settleRefunds(account: Account): void {
  for (const [id, due] of account.refundsDue) {
    const refund = account.refunds.get(id);
    if (!refund || due > account.clock.nowSeconds()) continue;
    account.refundsDue.delete(id);
    if (refund.status === 'pending') {
      refund.status = 'succeeded';
      account.emit('refund.updated', refund);
      account.emit('charge.refund.updated', refund);
      continue;
    }
    refund.status = 'failed';
    refund.failure_reason = 'expired_or_canceled_card';
    refund.failure_balance_transaction = newId('txn');
    const charge = account.charge(idOf(refund.charge) ?? '');
    charge.amount_refunded -= refund.amount;
    charge.refunded = false;
    account.emit('refund.updated', refund);
    account.emit('charge.refund.updated', refund);
    account.emit('refund.failed', refund);
  }
}

const listParameters = z.strictObject({ ...page, charge: text.optional(), payment_intent: text.optional() });

export const refundOperations = [
  operation('POST', '/v1/refunds', createParameters, create),
  operation(
    'GET',
    '/v1/refunds/:id',
    z.strictObject({ expand }),
    (account, _input, id) => account.refunds.get(id) ?? raise(missing('refund', id)),
  ),
  operation('GET', '/v1/refunds', listParameters, (account, input) =>
    listOf(
      '/v1/refunds',
      account.refunds,
      input,
      (refund) =>
        (!input.charge || idOf(refund.charge) === input.charge) &&
        (!input.payment_intent || idOf(refund.payment_intent) === input.payment_intent),
    ),
  ),
];

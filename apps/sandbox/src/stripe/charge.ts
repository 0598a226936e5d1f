// Stripe's charges: one per attempt of a PaymentIntent to take money from a card.
import type { Stripe } from 'stripe';
import { z } from 'zod';
import { idOf, type Account } from './account.js';
import { newId } from './ids.js';
import { listOf } from './list.js';
import { operation } from './operation.js';
import { expand, page, text } from './parameters.js';
import type { TestCard } from './test-cards.js';

/** How long a hold on a card that is not present lasts. */
export const holdSeconds = 7 * 24 * 3_600;

/** A charge for the whole amount of the intent: captured, held until `capture_before`, or declined. */
export function newCharge(
  account: Account,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  card: TestCard,
): Stripe.Charge {
  const { decline } = card;
  const captured = !decline && intent.capture_method !== 'manual';
  const id = newId('ch');
  const charge = {
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: captured ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: intent.application_fee_amount,
    balance_transaction: captured ? newId('txn') : null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: 'CAREGRAPH SANDBOX',
    captured,
    created: account.clock.nowSeconds(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: { ...intent.metadata },
    on_behalf_of: intent.on_behalf_of,
    outcome: outcomeOf(card),
    paid: !decline,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: {
      type: 'card',
      card: cardDetails(account, intent, method, captured || !!decline),
    },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: decline ? 'failed' : 'succeeded',
    transfer_data: null,
    transfer_group: intent.transfer_group,
  } as unknown as Stripe.Charge;
  account.charges.set(id, charge);
  return charge;
}

function outcomeOf({ decline }: TestCard): object {
  return {
    advice_code: decline ? 'try_again_later' : null,
    network_advice_code: null,
    network_decline_code: decline ? '01' : null,
    network_status: decline ? 'declined_by_network' : 'approved_by_network',
    reason: decline?.declineCode ?? null,
    risk_level: 'normal',
    seller_message: decline
      ? 'The bank did not return any further details with this decline.'
      : 'Payment complete.',
    type: decline ? 'issuer_declined' : 'authorized',
  };
}

function cardDetails(
  account: Account,
  intent: Stripe.PaymentIntent,
  { card }: Stripe.PaymentMethod,
  settled: boolean,
): object {
  return {
    amount_authorized: intent.amount,
    authorization_code: '123456',
    brand: card?.brand,
    ...(!settled && { capture_before: account.clock.nowSeconds() + holdSeconds }),
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: 'US',
    electronic_commerce_indicator: null,
    exp_month: card?.exp_month,
    exp_year: card?.exp_year,
    extended_authorization: { status: 'disabled' },
    fingerprint: card?.fingerprint,
    funding: card?.funding,
    incremental_authorization: { status: 'unavailable' },
    installments: null,
    last4: card?.last4,
    mandate: null,
    multicapture: { status: 'unavailable' },
    network: card?.brand,
    network_token: { used: false },
    network_transaction_id: null,
    overcapture: { maximum_amount_capturable: intent.amount, status: 'unavailable' },
    regulated_status: 'unregulated',
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  };
}

const listParameters = z.strictObject({
  ...page,
  payment_intent: text.optional(),
  customer: text.optional(),
});

export const chargeOperations = [
  operation('GET', '/v1/charges/:id', z.strictObject({ expand }), (account, _input, id) =>
    account.charge(id),
  ),
  operation('GET', '/v1/charges', listParameters, (account, input) =>
    listOf(
      '/v1/charges',
      account.charges,
      input,
      (charge) =>
        (!input.payment_intent || idOf(charge.payment_intent) === input.payment_intent) &&
        (!input.customer || idOf(charge.customer) === input.customer),
    ),
  ),
];

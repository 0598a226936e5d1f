// The API methods of PaymentIntents.
import { z } from 'zod';
import { idOf, type Account } from './account.js';
import { assertConfirmable, confirm, setPaymentMethod } from './confirm.js';
import { InvalidParameter } from './errors.js';
import { listOf } from './list.js';
import { operation } from './operation.js';
import { amount, expand, integer, metadata, page, text } from './parameters.js';
import { confirmParameters, createParameters, newPaymentIntent, type CreateInput } from './payment-intent.js';
import { search, searchParameters } from './search.js';
import { cancel, capture } from './settle.js';

/** The least that Stripe charges, in minor units: about half a dollar. */
const least: Readonly<Record<string, number>> = { gbp: 30, jpy: 50, chf: 50, sek: 300, nok: 300, dkk: 250 };

function create(account: Account, input: CreateInput): object {
  const minimum = least[input.currency] ?? 50;
  if (input.amount < minimum) {
    const message = `Amount must be at least ${minimum} ${input.currency} in its smallest unit.`;
    throw new InvalidParameter(message, 'amount', 'amount_too_small');
  }
  if (input.customer) account.customer(input.customer, 'customer');
  const intent = newPaymentIntent(input, account.clock.nowSeconds());
  // All that can be wrong with the request is asked before the intent exists; a declined card leaves it behind.
  if (input.payment_method) setPaymentMethod(account, intent, input.payment_method);
  if (input.confirm) assertConfirmable(intent, input);
  if (input.confirm && !input.payment_method) {
    throw new InvalidParameter(
      "You cannot confirm this PaymentIntent because it's missing a payment method.",
      'payment_method',
      'parameter_missing',
    );
  }
  account.paymentIntents.set(intent.id, intent);
  account.emit('payment_intent.created', intent);
  return input.confirm ? confirm(account, intent, input) : intent;
}

const captureParameters = z.strictObject({
  amount_to_capture: amount.optional(),
  application_fee_amount: integer.optional(),
  metadata: metadata.optional(),
  statement_descriptor: text.optional(),
  expand,
});
const cancelParameters = z.strictObject({
  cancellation_reason: z.enum(['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  expand,
});

export const paymentIntentOperations = [
  operation('POST', '/v1/payment_intents', createParameters, create),
  operation('GET', '/v1/payment_intents/search', searchParameters, (account, input) =>
    search(account, input),
  ),
  operation(
    'GET',
    '/v1/payment_intents/:id',
    z.strictObject({ client_secret: text.optional(), expand }),
    (account, _, id) => account.paymentIntent(id),
  ),
  operation(
    'GET',
    '/v1/payment_intents',
    z.strictObject({ ...page, customer: text.optional() }),
    (account, input) =>
      listOf(
        '/v1/payment_intents',
        account.paymentIntents,
        input,
        ({ customer }) => !input.customer || idOf(customer) === input.customer,
      ),
  ),
  operation('POST', '/v1/payment_intents/:id/confirm', confirmParameters, (account, input, id) => {
    const intent = account.paymentIntent(id);
    assertConfirmable(intent, input);
    if (input.payment_method) setPaymentMethod(account, intent, input.payment_method);
    if (input.capture_method) intent.capture_method = input.capture_method;
    if (input.receipt_email) intent.receipt_email = input.receipt_email;
    if (input.setup_future_usage) intent.setup_future_usage = input.setup_future_usage;
    return confirm(account, intent, input);
  }),
  operation('POST', '/v1/payment_intents/:id/capture', captureParameters, (account, input, id) =>
    capture(account, account.paymentIntent(id), {
      amount: input.amount_to_capture,
      metadata: input.metadata,
    }),
  ),
  operation('POST', '/v1/payment_intents/:id/cancel', cancelParameters, (account, input, id) =>
    cancel(account, account.paymentIntent(id), input.cancellation_reason ?? null),
  ),
];

// Stripe's customers.
import type { Stripe } from 'stripe';
import { z } from 'zod';
import { newId } from './ids.js';
import { listOf } from './list.js';
import { operation } from './operation.js';
import { address, expand, metadata, orNull, page, text } from './parameters.js';

const createParameters = z.strictObject({
  address: orNull(address),
  description: orNull(text),
  email: orNull(z.string().max(512)),
  metadata: metadata.default({}),
  name: orNull(text),
  phone: orNull(z.string().max(20)),
  preferred_locales: z.array(text).default([]),
  expand,
});

function newCustomer(
  { expand: _, ...given }: z.infer<typeof createParameters>,
  created: number,
): Stripe.Customer {
  return {
    id: newId('cus'),
    object: 'customer',
    ...given,
    balance: 0,
    created,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    discount: null,
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  } as unknown as Stripe.Customer;
}

export const customerOperations = [
  operation('POST', '/v1/customers', createParameters, (account, input) => {
    const customer = newCustomer(input, account.clock.nowSeconds());
    account.customers.set(customer.id, customer);
    account.emit('customer.created', customer);
    return customer;
  }),
  operation('GET', '/v1/customers/:id', z.strictObject({ expand }), (account, _input, id) =>
    account.customer(id, 'id'),
  ),
  operation('GET', '/v1/customers', z.strictObject({ ...page, email: text.optional() }), (account, input) =>
    listOf('/v1/customers', account.customers, input, ({ email }) => !input.email || email === input.email),
  ),
];

// Stripe's payment methods: cards only. The number of a card never leaves this file.
import type { Stripe } from 'stripe';
import { z } from 'zod';
import { raise, type Account } from './account.js';
import { missing, notAllowed, StripeRefusal } from './errors.js';
import { newId } from './ids.js';
import { operation } from './operation.js';
import { address, expand, integer, metadata, text } from './parameters.js';
import { cardById, cardByNumber, type TestCard } from './test-cards.js';

const createParameters = z.strictObject({
  type: z.literal('card'),
  card: z.strictObject({
    number: z.string().regex(/^[\d -]{12,23}$/),
    exp_month: integer.pipe(z.number().min(1).max(12)),
    exp_year: integer,
    cvc: z.string().optional(),
  }),
  billing_details: z
    .strictObject({
      address: address.optional(),
      email: text.optional(),
      name: text.optional(),
      phone: text.optional(),
    })
    .optional(),
  metadata: metadata.default({}),
  expand,
});

interface Holder {
  readonly exp_month: number;
  readonly exp_year: number;
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly metadata: Stripe.Metadata;
}

/** Puts a new payment method for the card on the account's shelf. */
function addPaymentMethod(account: Account, card: TestCard, holder: Holder): Stripe.PaymentMethod {
  const { exp_month, exp_year, name, email, phone } = holder;
  const emptyAddress = {
    city: null,
    country: null,
    line1: null,
    line2: null,
    postal_code: null,
    state: null,
  };
  const method = {
    id: newId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: emptyAddress, email, name, phone, tax_id: null },
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'unchecked' },
      country: 'US',
      display_brand: card.brand,
      exp_month,
      exp_year,
      fingerprint: `fp${card.number.slice(-14)}`.padEnd(16, '0'),
      funding: card.funding,
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: account.clock.nowSeconds(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: holder.metadata,
    type: 'card',
  } as unknown as Stripe.PaymentMethod;
  account.paymentMethods.set(method.id, method);
  account.cards.set(method.id, card);
  return method;
}

/** The payment method of this id. A test id such as `pm_card_visa` makes a new one each time, as at Stripe. */
export function findPaymentMethod(
  account: Account,
  id: string,
  param = 'payment_method',
): Stripe.PaymentMethod {
  const card = cardById(id);
  if (!card) return account.paymentMethods.get(id) ?? raise(missing('PaymentMethod', id, param));
  const exp_year = account.clock.now().getUTCFullYear() + 2;
  return addPaymentMethod(account, card, {
    exp_month: 12,
    exp_year,
    name: null,
    email: null,
    phone: null,
    metadata: {},
  });
}

export function cardOf(account: Account, method: Stripe.PaymentMethod): TestCard {
  return account.cards.get(method.id) ?? raise(missing('PaymentMethod', method.id));
}

export function attach(account: Account, method: Stripe.PaymentMethod, customer: string): void {
  method.customer = account.customer(customer, 'customer').id;
  account.emit('payment_method.attached', method);
}

const cardError = (code: string, message: string, extra: object = {}): StripeRefusal =>
  new StripeRefusal(402, { type: 'card_error', code, message, ...extra });

export const paymentMethodOperations = [
  operation(
    'POST',
    '/v1/payment_methods',
    createParameters,
    (account, { card, billing_details, ...input }) => {
      const testCard =
        cardByNumber(card.number) ??
        raise(
          cardError(
            'card_declined',
            'Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
            { decline_code: 'test_mode_live_card' },
          ),
        );
      const now = account.clock.now();
      if (Date.UTC(card.exp_year, card.exp_month) <= now.getTime()) {
        throw cardError('invalid_expiry_year', "Your card's expiration year is invalid.", {
          param: 'card[exp_year]',
        });
      }
      const { name = null, email = null, phone = null } = billing_details ?? {};
      const { exp_month, exp_year } = card;
      return addPaymentMethod(account, testCard, {
        exp_month,
        exp_year,
        name,
        email,
        phone,
        metadata: input.metadata,
      });
    },
  ),
  operation('GET', '/v1/payment_methods/:id', z.strictObject({ expand }), (account, _input, id) =>
    findPaymentMethod(account, id),
  ),
  operation(
    'POST',
    '/v1/payment_methods/:id/attach',
    z.strictObject({ customer: text, expand }),
    (account, { customer }, id) => {
      account.customer(customer, 'customer');
      const method = findPaymentMethod(account, id);
      const { decline, attachesAnyway, authentication } = cardOf(account, method);
      if (method.customer) {
        throw notAllowed('The payment method you provided has already been attached to a customer.');
      }
      // Attaching checks the card with its issuer, so that most bad cards fail here already.
      if (decline && !attachesAnyway && !authentication) {
        throw cardError(decline.code, decline.message, { decline_code: decline.declineCode });
      }
      attach(account, method, customer);
      return method;
    },
  ),
];

// A PaymentIntent as it begins, what it takes to be created, and the words Stripe has for a status that does not fit.
import type { Stripe } from 'stripe';
import { z } from 'zod';
import { notAllowed, type StripeRefusal } from './errors.js';
import { newId, randomText } from './ids.js';
import { amount, currency, expand, flag, integer, metadata, orNull, text } from './parameters.js';

const confirmation = {
  /** Charged while the patient is not there: a card that wants 3D Secure is then declined. */
  off_session: flag.optional(),
  error_on_requires_action: flag.optional(),
  return_url: z.url().optional(),
  use_stripe_sdk: flag.optional(),
};

export const createParameters = z.strictObject({
  amount,
  currency,
  allowed_payment_method_types: orNull(z.array(z.literal('card'))),
  application_fee_amount: orNull(integer.pipe(z.number().min(0))),
  automatic_payment_methods: z
    .strictObject({ enabled: flag, allow_redirects: z.enum(['always', 'never']).default('always') })
    .optional(),
  capture_method: z.enum(['automatic', 'automatic_async', 'manual']).default('automatic_async'),
  confirm: flag.default(false),
  confirmation_method: z.enum(['automatic', 'manual']).default('automatic'),
  customer: orNull(text),
  description: orNull(text),
  metadata: metadata.default({}),
  on_behalf_of: orNull(text),
  payment_method: text.optional(),
  receipt_email: orNull(text),
  setup_future_usage: orNull(z.enum(['off_session', 'on_session'])),
  statement_descriptor: orNull(z.string().max(22)),
  statement_descriptor_suffix: orNull(z.string().max(22)),
  transfer_group: orNull(text),
  ...confirmation,
  expand,
});

export const confirmParameters = z.strictObject({
  payment_method: text.optional(),
  capture_method: z.enum(['automatic', 'automatic_async', 'manual']).optional(),
  receipt_email: text.optional(),
  setup_future_usage: z.enum(['off_session', 'on_session']).optional(),
  ...confirmation,
  expand,
});

export type CreateInput = z.infer<typeof createParameters>;
export type ConfirmInput = Pick<z.infer<typeof confirmParameters>, keyof typeof confirmation>;

export function newPaymentIntent(input: CreateInput, created: number): Stripe.PaymentIntent {
  const id = newId('pi');
  // Since 2023-08-16 an intent that names no types takes whatever the account's dashboard enables, redirects too.
  const automatic = input.automatic_payment_methods ?? {
    enabled: !input.allowed_payment_method_types,
    allow_redirects: 'always',
  };
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: input.allowed_payment_method_types,
    amount: input.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: input.application_fee_amount,
    automatic_payment_methods: automatic.enabled ? automatic : null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: input.capture_method,
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: input.confirmation_method,
    created,
    currency: input.currency,
    customer: input.customer,
    customer_account: null,
    description: input.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: input.metadata,
    next_action: null,
    on_behalf_of: input.on_behalf_of,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: input.receipt_email,
    review: null,
    setup_future_usage: input.setup_future_usage,
    shipping: null,
    source: null,
    statement_descriptor: input.statement_descriptor,
    statement_descriptor_suffix: input.statement_descriptor_suffix,
    status: 'requires_payment_method',
    transfer_group: input.transfer_group,
  } as unknown as Stripe.PaymentIntent;
}

type Verb = 'confirm' | 'capture' | 'cancel';
const past = { confirm: 'confirmed', capture: 'captured', cancel: 'canceled' } as const satisfies Record<
  Verb,
  string
>;

const allowedFrom: Readonly<Record<Verb, readonly Stripe.PaymentIntent.Status[]>> = {
  confirm: ['requires_payment_method', 'requires_confirmation', 'requires_action'],
  capture: ['requires_capture'],
  cancel: [
    'requires_payment_method',
    'requires_capture',
    'requires_confirmation',
    'requires_action',
    'processing',
  ],
};

/** The refusal when the intent's status does not allow the verb; undefined when it does. */
export function statusRefusal(intent: Stripe.PaymentIntent, verb: Verb): StripeRefusal | undefined {
  const allowed = allowedFrom[verb];
  if (allowed.includes(intent.status)) return undefined;
  const extra = { code: 'payment_intent_unexpected_state', payment_intent: structuredClone(intent) };
  if (verb === 'capture' && intent.status === 'succeeded') {
    return notAllowed(
      'This PaymentIntent could not be captured because it has already been captured.',
      extra,
    );
  }
  const opening =
    verb === 'capture' ? 'This PaymentIntent could not be captured' : `You cannot ${verb} this PaymentIntent`;
  const message = `${opening} because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be ${past[verb]}: ${allowed.join(', ')}.`;
  return notAllowed(message, extra);
}

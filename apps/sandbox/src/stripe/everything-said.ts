// For the specs: makes the sandbox say all it can say as Stripe, once, and hands back what it said.
import type { Stripe } from 'stripe';
import { hold, refusalOf, type TestBed } from '../test-bed.js';

export interface Call {
  readonly direction: 'call' | 'webhook';
  readonly method: string;
  readonly path: string;
  readonly status?: number;
  readonly requestBody?: Readonly<Record<string, unknown>>;
  readonly responseBody?: { object?: string; data?: Named[]; error?: object };
}

export interface Named {
  readonly object?: string;
}

export interface Said {
  readonly calls: readonly Call[];
  /** Every object in every answer, events apart. */
  readonly objects: readonly Named[];
  readonly events: readonly Stripe.Event[];
}

export async function everythingSaid(bed: TestBed): Promise<Said> {
  const customer = await customersAndCards(bed);
  await money(bed, customer);
  await questionsAndDeclines(bed);
  await bed.control('POST', '/_sandbox/clock/advance', { days: 8 });
  await bed.stripe.paymentIntents.list();
  await bed.stripe.paymentIntents.search({ query: "status:'canceled'" });
  const events = (await bed.stripe.events.list({ limit: 100 })).data;
  const { recordings } = await bed.control('GET', '/_sandbox/recordings?vendor=stripe');
  const calls = (recordings as Call[]).filter(({ direction }) => direction === 'call');
  const objects = calls
    .filter(({ status }) => status === 200)
    .flatMap(({ responseBody }): Named[] => responseBody?.data ?? [responseBody ?? {}])
    .filter(({ object }) => object !== 'event');
  return { calls, objects, events };
}

async function customersAndCards({ stripe }: TestBed): Promise<Stripe.PaymentIntentCreateParams> {
  const customer = await stripe.customers.create({
    email: 'ann@example.com',
    name: 'Ann',
    address: { line1: '1 Main Street', country: 'US' },
    metadata: { patient_id: '1' },
  });
  const card = { number: '4242424242424242', exp_month: 12, exp_year: 2034, cvc: '123' };
  const own = await stripe.paymentMethods.create({ type: 'card', card, billing_details: { name: 'Ann' } });
  await stripe.paymentMethods.attach(own.id, { customer: customer.id });
  await stripe.paymentMethods.retrieve(own.id);
  await stripe.customers.retrieve(customer.id);
  await stripe.customers.list();
  await refusalOf(stripe.customers.retrieve('cus_nobody'));
  return { ...hold, customer: customer.id, payment_method: own.id, metadata: { appointment_id: '1' } };
}

async function money({ stripe }: TestBed, owned: Stripe.PaymentIntentCreateParams): Promise<void> {
  const intent = await stripe.paymentIntents.create(owned);
  await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 9_000 });
  const refund = await stripe.refunds.create({
    payment_intent: intent.id,
    amount: 1_000,
    reason: 'duplicate',
  });
  await stripe.refunds.retrieve(refund.id);
  await stripe.refunds.list();
  const [charge] = (await stripe.charges.list()).data;
  await stripe.charges.retrieve(charge?.id ?? '');
  await stripe.paymentIntents.create(hold);
  const unconfirmed = await stripe.paymentIntents.create({ ...hold, confirm: false });
  await stripe.paymentIntents.cancel(unconfirmed.id, { cancellation_reason: 'abandoned' });
  await refusalOf(stripe.refunds.create({ payment_intent: unconfirmed.id }));
  await stripe.paymentIntents.create({
    amount: 100,
    currency: 'eur',
    payment_method: 'pm_card_amex',
    confirm: true,
    return_url: 'https://example.com',
  });
}

async function questionsAndDeclines(bed: TestBed): Promise<void> {
  const { stripe } = bed;
  await refusalOf(stripe.paymentIntents.create({ ...hold, payment_method: 'pm_card_visa_chargeDeclined' }));
  const asking = { ...hold, payment_method: 'pm_card_authenticationRequired' };
  await stripe.paymentIntents.create({ ...asking, return_url: 'https://example.com' });
  const intent = await stripe.paymentIntents.create(asking);
  await bed.control('POST', `/_sandbox/stripe/payment_intents/${intent.id}/authenticate`, {
    outcome: 'fail',
  });
  await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_refundFail' });
  await stripe.paymentIntents.capture(intent.id);
  await stripe.refunds.create({ payment_intent: intent.id });
}

/** `payment_intent.created` is a `PaymentIntentCreatedEvent` in the SDK. */
export const eventTypeName = (type: string): string =>
  `${type
    .split(/[._]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}Event`;

/** `payment_intent` is a `PaymentIntent` in the SDK. */
export const objectTypeName = ({ object = 'nothing' }: Named): string =>
  eventTypeName(object).replace(/Event$/, '');

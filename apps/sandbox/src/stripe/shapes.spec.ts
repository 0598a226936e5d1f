import { existsSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { hold, refusalOf, startTestBed, type TestBed } from '../test-bed.js';

// The vendors' own descriptions lie beside the project and are not copied into it.
const descriptions = new URL('../../../../../shared/vendor-specs/', import.meta.url);
const typesFile = new URL('stripe.sdk-23.1.0.api-2026-10-28.types.schema.json', descriptions);
const requestsFile = new URL('stripe.openapi.2023-08-16.trimmed.json', descriptions);

interface Recorded {
  readonly direction: string;
  readonly method: string;
  readonly path: string;
  readonly status?: number;
  readonly requestBody: Record<string, unknown> & { type?: string };
  readonly responseBody?: { object?: string; data?: { object: string }[]; error?: object };
}
type Schema = Record<string, unknown>;

const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false, validateFormats: false });

/** Everything the sandbox can say, said once. */
async function sayEverything({ stripe, control }: TestBed): Promise<void> {
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
  const metadata = { appointment_id: '1' };
  const intent = await stripe.paymentIntents.create({
    ...hold,
    customer: customer.id,
    payment_method: own.id,
    metadata,
  });
  await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 9_000 });
  const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 1_000, metadata });
  await stripe.refunds.retrieve(refund.id);
  await stripe.refunds.list();
  await stripe.charges.retrieve(String(intent.latest_charge));
  await stripe.charges.list();
  const canceled = await stripe.paymentIntents.create({ ...hold, confirm: false });
  await stripe.paymentIntents.cancel(canceled.id);
  await refusalOf(stripe.paymentIntents.create({ ...hold, payment_method: 'pm_card_visa_chargeDeclined' }));
  const question = await stripe.paymentIntents.create({
    ...hold,
    payment_method: 'pm_card_authenticationRequired',
  });
  await control('POST', `/_sandbox/stripe/payment_intents/${question.id}/authenticate`, { outcome: 'fail' });
  await stripe.paymentIntents.confirm(question.id, { payment_method: 'pm_card_refundFail' });
  await stripe.paymentIntents.capture(question.id);
  await stripe.refunds.create({ payment_intent: question.id });
  const returned = {
    ...hold,
    payment_method: 'pm_card_authenticationRequired',
    return_url: 'https://example.com',
  };
  await stripe.paymentIntents.create(returned);
  await stripe.paymentIntents.create({
    amount: 100,
    currency: 'eur',
    payment_method: 'pm_card_amex',
    confirm: true,
    return_url: 'https://example.com',
  });
  await stripe.paymentIntents.create(hold);
  await control('POST', '/_sandbox/clock/advance', { days: 8 });
  await stripe.paymentIntents.list();
  await stripe.paymentIntents.search({ query: "status:'canceled'" });
  await stripe.events.list({ limit: 100 });
  await refusalOf(stripe.customers.retrieve('cus_nobody'));
  await refusalOf(stripe.refunds.create({ payment_intent: canceled.id }));
}

describe('what the sandbox says as Stripe', () => {
  let bed: TestBed;
  let recorded: Recorded[];
  beforeAll(async () => {
    if (!existsSync(typesFile) || !existsSync(requestsFile)) {
      throw new Error(
        `Stripe's descriptions are missing: expected ${typesFile.pathname} and ${requestsFile.pathname}.`,
      );
    }
    bed = await startTestBed();
    await sayEverything(bed);
    recorded = (await bed.control('GET', '/_sandbox/recordings?vendor=stripe')).recordings as Recorded[];
  });
  afterAll(() => bed.close());

  it('fits the object types of the SDK, in answers and in events', async () => {
    const types = JSON.parse(readFileSync(typesFile, 'utf8')) as { definitions: Schema };
    ajv.addSchema({ $id: 'types', definitions: types.definitions });
    const rootOf: Record<string, string> = {
      payment_intent: 'PaymentIntent',
      charge: 'Charge',
      refund: 'Refund',
      customer: 'Customer',
      payment_method: 'PaymentMethod',
    };
    const problems: string[] = [];
    const check = (definition: string, thing: unknown): void => {
      const valid = ajv.getSchema(`types#/definitions/${definition}`);
      if (!valid) problems.push(`${definition} is not described`);
      else if (!valid(thing)) problems.push(`${definition}: ${ajv.errorsText(valid.errors?.slice(0, 5))}`);
    };
    const eventName = (type: string): string =>
      `${type
        .split(/[._]/)
        .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
        .join('')}Event`;

    const objects = recorded
      .filter(({ direction, status }) => direction === 'call' && status === 200)
      .flatMap(({ responseBody }) => responseBody?.data ?? [responseBody])
      .filter((thing) => thing?.object !== 'event');
    for (const thing of objects) check(rootOf[thing?.object ?? ''] ?? `object ${thing?.object ?? ''}`, thing);
    const events = (await bed.stripe.events.list({ limit: 100 })).data;
    for (const event of events) check(eventName(event.type), event);

    expect(problems).toEqual([]);
    expect(new Set(objects.map((thing) => thing?.object)).size).toBe(5);
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set([
        'customer.created',
        'payment_method.attached',
        'payment_intent.created',
        'payment_intent.requires_action',
        'payment_intent.payment_failed',
        'payment_intent.amount_capturable_updated',
        'payment_intent.succeeded',
        'payment_intent.canceled',
        'charge.succeeded',
        'charge.captured',
        'charge.failed',
        'charge.expired',
        'charge.refunded',
        'charge.refund.updated',
        'refund.created',
        'refund.updated',
        'refund.failed',
      ]),
    );
  });

  it('answers only routes that Stripe describes, and takes only parameters that it describes', () => {
    const { paths } = JSON.parse(readFileSync(requestsFile, 'utf8')) as {
      paths: Record<string, Record<string, Schema>>;
    };
    const templates = Object.keys(paths).sort(
      (one, other) => one.split('{').length - other.split('{').length,
    );
    const problems: string[] = [];
    for (const { direction, method, path, requestBody } of recorded) {
      if (direction !== 'call') continue;
      const template = templates.find((candidate) =>
        new RegExp(`^${candidate.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
      );
      const operation = paths[template ?? '']?.[method.toLowerCase()] as
        { requestBody?: { content: Record<string, { schema: { properties: Schema } }> } } | undefined;
      if (!operation) problems.push(`${method} ${path} is not described`);
      const known =
        operation?.requestBody?.content['application/x-www-form-urlencoded']?.schema.properties ?? {};
      for (const name of Object.keys(requestBody ?? {})) {
        if (!(name in known)) problems.push(`${method} ${template ?? path} does not know ${name}`);
      }
    }
    expect(problems).toEqual([]);
    const operations = recorded
      .filter(({ direction }) => direction === 'call')
      .map(({ method, path }) => `${method} ${path.replace(/(pi|ch|re|cus|pm)_\w+/, ':id')}`);
    expect(new Set(operations).size).toBeGreaterThanOrEqual(18);
  });

  it('words its refusals in the shape of Stripe', () => {
    const refusals = recorded.flatMap(({ responseBody }) =>
      responseBody?.error ? [responseBody.error] : [],
    );
    expect(refusals).toHaveLength(3);
    for (const error of refusals) {
      expect(error).toEqual(
        expect.objectContaining({
          type: expect.stringMatching(/^(card_error|invalid_request_error)$/) as string,
          message: expect.any(String) as string,
        }),
      );
    }
  });
});

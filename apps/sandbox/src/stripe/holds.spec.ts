import type { Stripe } from 'stripe';
import { hold, refusalOf, startTestBed, until, type TestBed } from '../test-bed.js';

describe('holds, captures and refunds in the sandbox', () => {
  let bed: TestBed;
  beforeAll(async () => {
    bed = await startTestBed();
  });
  afterAll(() => bed.close());

  const held = (): Promise<Stripe.PaymentIntent> => bed.stripe.paymentIntents.create(hold);
  const captured = async (): Promise<Stripe.PaymentIntent> =>
    bed.stripe.paymentIntents.capture((await held()).id);

  it('a hold names the time before which it must be captured, seven days on', async () => {
    const intent = await bed.stripe.paymentIntents.create({ ...hold, expand: ['latest_charge'] });
    const charge = intent.latest_charge as Stripe.Charge;
    expect(intent).toMatchObject({
      status: 'requires_capture',
      amount_capturable: 10_000,
      amount_received: 0,
    });
    expect(charge.payment_method_details?.card?.capture_before).toBe(charge.created + 7 * 86_400);
    expect(charge.captured).toBe(false);
  });

  it('a part can be captured, once, and the rest is let go', async () => {
    const intent = await held();
    const part = await bed.stripe.paymentIntents.capture(intent.id, { amount_to_capture: 4_000 });
    expect(part).toMatchObject({
      status: 'succeeded',
      amount: 10_000,
      amount_received: 4_000,
      amount_capturable: 0,
    });
    const again = await refusalOf(bed.stripe.paymentIntents.capture(intent.id));
    expect([again.statusCode, again.code]).toEqual([400, 'payment_intent_unexpected_state']);
  });

  it('more than was authorised cannot be captured', async () => {
    const refusal = await refusalOf(
      bed.stripe.paymentIntents.capture((await held()).id, { amount_to_capture: 10_001 }),
    );
    expect([refusal.statusCode, refusal.param, refusal.code]).toEqual([
      400,
      'amount_to_capture',
      'amount_too_large',
    ]);
  });

  it('what was captured cannot be canceled, what was canceled cannot be captured', async () => {
    const cancelling = await refusalOf(bed.stripe.paymentIntents.cancel((await captured()).id));
    expect([cancelling.statusCode, cancelling.code]).toEqual([400, 'payment_intent_unexpected_state']);

    const intent = await held();
    const canceled = await bed.stripe.paymentIntents.cancel(intent.id, { cancellation_reason: 'abandoned' });
    expect(canceled).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'abandoned',
      amount_capturable: 0,
    });
    expect((await refusalOf(bed.stripe.paymentIntents.capture(intent.id))).statusCode).toBe(400);
  });

  it('refunds add up to what was captured and not a cent more', async () => {
    const intent = await captured();
    await bed.stripe.refunds.create({ payment_intent: intent.id, amount: 6_000 });
    const tooMuch = await refusalOf(bed.stripe.refunds.create({ payment_intent: intent.id, amount: 4_001 }));
    expect([tooMuch.statusCode, tooMuch.param]).toEqual([400, 'amount']);
    const rest = await bed.stripe.refunds.create({ payment_intent: intent.id });
    expect(rest).toMatchObject({ amount: 4_000, status: 'succeeded' });
    const nothingLeft = await refusalOf(bed.stripe.refunds.create({ payment_intent: intent.id }));
    expect(nothingLeft.code).toBe('charge_already_refunded');
    const all = await bed.stripe.refunds.list({ payment_intent: intent.id });
    expect(all.data.map(({ amount }) => amount)).toEqual([4_000, 6_000]);
  });

  it('a hold cannot be refunded, only canceled', async () => {
    const refusal = await refusalOf(bed.stripe.refunds.create({ payment_intent: (await held()).id }));
    expect(refusal.message).toMatch(/does not have a successful charge to refund/);
  });

  it.each([
    ['pm_card_pendingRefund', 'pending', 'succeeded', 10_000],
    ['pm_card_refundFail', 'succeeded', 'failed', 0],
  ])('a refund to %s is %s at first and %s later', async (payment_method, first, later, refunded) => {
    const intent = await bed.stripe.paymentIntents.create({ ...hold, payment_method });
    await bed.stripe.paymentIntents.capture(intent.id);
    const refund = await bed.stripe.refunds.create({ payment_intent: intent.id });
    expect(refund.status).toBe(first);
    await bed.control('POST', '/_sandbox/clock/advance', { seconds: 6 });
    expect((await bed.stripe.refunds.retrieve(refund.id)).status).toBe(later);
    const charge = await bed.stripe.charges.retrieve(intent.latest_charge as string);
    expect(charge.amount_refunded).toBe(refunded);
  });

  it('a hold that nobody captured lapses after seven days and tells so', async () => {
    const intent = await held();
    await bed.control('POST', '/_sandbox/clock/advance', { days: 6, hours: 23 });
    expect((await bed.stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_capture');
    await bed.control('POST', '/_sandbox/clock/advance', { hours: 2 });
    expect(await bed.stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'automatic',
      amount_capturable: 0,
    });
    const told = (): string[] =>
      bed
        .events()
        .filter(({ data }) => [intent.id, intent.latest_charge].includes((data.object as { id: string }).id))
        .map(({ type }) => type);
    await until('the lapse is told', () => told().includes('payment_intent.canceled'));
    expect(told()).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.amount_capturable_updated',
      'charge.expired',
      'payment_intent.canceled',
    ]);
  });

  it('finds intents by metadata and by status', async () => {
    const mine = { ...hold, metadata: { appointment_id: 'appointment-7' } };
    const first = await bed.stripe.paymentIntents.create(mine);
    const second = await bed.stripe.paymentIntents.create(mine);
    await bed.stripe.paymentIntents.cancel(second.id);
    const all = await bed.stripe.paymentIntents.search({
      query: "metadata['appointment_id']:'appointment-7'",
    });
    expect(all.data.map(({ id }) => id)).toEqual([second.id, first.id]);
    const open = await bed.stripe.paymentIntents.search({
      query: "metadata['appointment_id']:'appointment-7' AND status:'requires_capture'",
    });
    expect(open.data.map(({ id }) => id)).toEqual([first.id]);
  });

  it('pages through a list from newest to oldest', async () => {
    const customer = await bed.stripe.customers.create({ email: 'ann@example.com' });
    const made: string[] = [];
    for (let number = 0; number < 3; number += 1) {
      made.push((await bed.stripe.paymentIntents.create({ ...hold, customer: customer.id })).id);
    }
    const seen: string[] = [];
    for await (const intent of bed.stripe.paymentIntents.list({ customer: customer.id, limit: 2 }))
      seen.push(intent.id);
    expect(seen).toEqual(made.reverse());
  });
});

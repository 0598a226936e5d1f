import { hold, refusalOf, startTestBed, until, type TestBed } from '../test-bed.js';

describe('Stripe idempotency in the sandbox', () => {
  let bed: TestBed;
  beforeAll(async () => {
    bed = await startTestBed();
  });
  afterAll(() => bed.close());
  afterEach(() => bed.control('DELETE', '/_sandbox/faults'));

  const count = async (): Promise<number> =>
    (await bed.stripe.paymentIntents.list({ limit: 100 })).data.length;

  it('answers the same key and parameters with the first answer and does nothing again', async () => {
    const first = await bed.stripe.paymentIntents.create(hold, { idempotencyKey: 'twice' });
    const before = await count();
    await bed.stripe.paymentIntents.capture(first.id);
    const second = await bed.stripe.paymentIntents.create(hold, { idempotencyKey: 'twice' });
    expect(second.id).toBe(first.id);
    expect(second.status).toBe('requires_capture');
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(second.lastResponse.headers['original-request']).toBe(first.lastResponse.requestId);
    expect(await count()).toBe(before);
  });

  it('keeps a 500 under the key and replays it, although the next request would have worked', async () => {
    await bed.control('POST', '/_sandbox/faults', {
      path: '/v1/payment_intents',
      method: 'POST',
      kind: '500',
    });
    const before = await count();
    for (const time of [1, 2]) {
      const refusal = await refusalOf(bed.stripe.paymentIntents.create(hold, { idempotencyKey: 'broken' }));
      expect([time, refusal.statusCode, refusal.rawType]).toEqual([time, 500, 'api_error']);
    }
    expect(await count()).toBe(before);
    const next = await bed.stripe.paymentIntents.create(hold, { idempotencyKey: 'broken:2' });
    expect(next.status).toBe('requires_capture');
  });

  it('keeps a 500 that came after the effect, and the effect with it', async () => {
    await bed.control('POST', '/_sandbox/faults', { path: '/v1/payment_intents', kind: '500-after-effect' });
    const labelled = { ...hold, metadata: { appointment_id: 'after-effect' } };
    for (let time = 0; time < 2; time += 1) {
      const refusal = await refusalOf(bed.stripe.paymentIntents.create(labelled, { idempotencyKey: 'lost' }));
      expect(refusal.statusCode).toBe(500);
    }
    const found = await bed.stripe.paymentIntents.search({
      query: "metadata['appointment_id']:'after-effect'",
    });
    expect(found.data.map(({ status }) => status)).toEqual(['requires_capture']);
  });

  it('refuses the same key with other parameters, and with another endpoint', async () => {
    await bed.stripe.paymentIntents.create(hold, { idempotencyKey: 'mine' });
    const other = { ...hold, amount: 9_999 };
    const refusal = await refusalOf(bed.stripe.paymentIntents.create(other, { idempotencyKey: 'mine' }));
    expect([refusal.statusCode, refusal.rawType]).toEqual([400, 'idempotency_error']);
    const elsewhere = await refusalOf(bed.stripe.customers.create({}, { idempotencyKey: 'mine' }));
    expect([elsewhere.statusCode, elsewhere.rawType]).toEqual([400, 'idempotency_error']);
  });

  it('answers 409 while another request holds the key', async () => {
    await bed.control('POST', '/_sandbox/faults', { path: '/v1/customers', kind: 'delay', delayMs: 300 });
    const first = bed.stripe.customers.create({ name: 'Ann' }, { idempotencyKey: 'busy' });
    await until('the first request is there', async () => {
      const { faults } = await bed.control('GET', '/_sandbox/faults');
      return (faults as { struck: number }[])[0]?.struck === 1;
    });
    const refusal = await refusalOf(bed.stripe.customers.create({ name: 'Ann' }, { idempotencyKey: 'busy' }));
    expect([refusal.statusCode, refusal.code]).toEqual([409, 'idempotency_key_in_use']);
    const retried = await bed
      .stripeWith({ maxNetworkRetries: 3 })
      .customers.create({ name: 'Ann' }, { idempotencyKey: 'busy' });
    expect(retried.id).toBe((await first).id);
  });

  it('keeps nothing when a parameter is wrong', async () => {
    const wrong = { ...hold, amount: 0 };
    expect(
      (await refusalOf(bed.stripe.paymentIntents.create(wrong, { idempotencyKey: 'typo' }))).statusCode,
    ).toBe(400);
    const right = await bed.stripe.paymentIntents.create(hold, { idempotencyKey: 'typo' });
    expect(right.status).toBe('requires_capture');
  });

  it('keeps a declined card under the key', async () => {
    const declined = { ...hold, payment_method: 'pm_card_visa_chargeDeclined' };
    const first = await refusalOf(bed.stripe.paymentIntents.create(declined, { idempotencyKey: 'declined' }));
    const second = await refusalOf(
      bed.stripe.paymentIntents.create(declined, { idempotencyKey: 'declined' }),
    );
    expect(second.payment_intent?.id).toBe(first.payment_intent?.id);
  });

  it('leaves one PaymentIntent when the answer was lost and the SDK asks again', async () => {
    await bed.control('POST', '/_sandbox/faults', {
      path: '/v1/payment_intents',
      kind: 'reset-after-effect',
    });
    const labelled = { ...hold, metadata: { appointment_id: 'reset' } };
    const intent = await bed
      .stripeWith({ maxNetworkRetries: 2 })
      .paymentIntents.create(labelled, { idempotencyKey: 'hold:reset:1' });
    const { paymentIntents } = await bed.control('GET', '/_sandbox/ledger?appointmentId=reset');
    expect(paymentIntents).toEqual([
      expect.objectContaining({ id: intent.id, heldMinor: 10_000, attempts: 1 }),
    ]);
  });

  it('does nothing when the connection is reset before the effect, or the answer never begins', async () => {
    const before = await count();
    await bed.control('POST', '/_sandbox/faults', {
      path: '/v1/payment_intents',
      method: 'POST',
      kind: 'hang',
    });
    const impatient = bed.stripeWith({ timeout: 100 });
    const refusal = await refusalOf(impatient.paymentIntents.create(hold, { idempotencyKey: 'silent' }));
    expect(refusal.type).toBe('StripeConnectionError');
    expect(await count()).toBe(before);
  });

  it('forgets a key after 24 hours of its own clock', async () => {
    const first = await bed.stripe.customers.create({}, { idempotencyKey: 'old' });
    await bed.control('POST', '/_sandbox/clock/advance', { hours: 25 });
    const second = await bed.stripe.customers.create({}, { idempotencyKey: 'old' });
    expect(second.id).not.toBe(first.id);
  });
});

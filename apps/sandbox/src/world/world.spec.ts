import { hold, refusalOf, startTestBed, type TestBed } from '../test-bed.js';
import { WorldClock } from './clock.js';
import { FaultBook, faultInput } from './faults.js';
import { Journal } from './journal.js';

describe('the world', () => {
  let bed: TestBed;
  beforeAll(async () => {
    bed = await startTestBed();
  });
  afterAll(() => bed.close());
  afterEach(() => bed.control('DELETE', '/_sandbox/faults'));

  it('tells its clock at once to who does not know it, and to who waits as soon as it moves', async () => {
    const { offsetMs } = await bed.control('GET', '/_sandbox/clock?after=-1');
    const waiting = bed.control('GET', `/_sandbox/clock?after=${String(offsetMs)}`);
    const moved = await bed.control('POST', '/_sandbox/clock/advance', { minutes: 90, seconds: 0.5 });
    expect(moved).toEqual({ offsetMs: Number(offsetMs) + 5_400_500 });
    expect(await waiting).toEqual(moved);
    const customer = await bed.stripe.customers.create({});
    expect(customer.created - Date.now() / 1_000).toBeGreaterThan(5_390);
  });

  it('answers who waits for the clock after a while, although nothing moved', async () => {
    const clock = new WorldClock(new Journal());
    expect(await clock.offsetOtherThan(0, 20)).toBe(0);
  });

  it.each([
    [{}, 'body: name a time greater than zero'],
    [{ hours: -1 }, 'hours: '],
    [{ weeks: 1 }, 'weeks'],
  ])('does not move its clock by %j', async (by, message) => {
    await expect(bed.control('POST', '/_sandbox/clock/advance', by)).rejects.toThrow(message);
  });

  it('plays its faults on the route, as often, and from the request that it was told', async () => {
    const fault = {
      path: '/v1/payment_intents/*/capture',
      kind: '429',
      times: 2,
      skip: 1,
      retryAfterSeconds: 3,
    };
    await bed.control('POST', '/_sandbox/faults', fault);
    const statuses: (number | undefined)[] = [];
    for (let time = 0; time < 4; time += 1) {
      const { id } = await bed.stripe.paymentIntents.create(hold);
      const capturing = bed.stripe.paymentIntents.capture(id);
      statuses.push(
        await capturing.then(
          () => 200,
          (error: unknown) => (error as { statusCode?: number }).statusCode,
        ),
      );
    }
    expect(statuses).toEqual([200, 429, 429, 200]);
  });

  it('singles out one appointment by the text of the body', () => {
    const faults = new FaultBook();
    faults.add(faultInput.parse({ path: '/v1/refunds', kind: '500', bodyIncludes: 'appointment-1' }));
    expect(
      faults.strike('POST', '/v1/refunds', { metadata: { appointment_id: 'appointment-2' } }),
    ).toBeUndefined();
    expect(
      faults.strike('POST', '/v1/refunds/re_1', { metadata: { appointment_id: 'appointment-1' } }),
    ).toBeUndefined();
    expect(
      faults.strike('POST', '/v1/refunds', { metadata: { appointment_id: 'appointment-1' } })?.kind,
    ).toBe('500');
    expect(
      faults.strike('POST', '/v1/refunds', { metadata: { appointment_id: 'appointment-1' } }),
    ).toBeUndefined();
  });

  it('answers with half a body when it is told to be malformed', async () => {
    await bed.control('POST', '/_sandbox/faults', { path: '/v1/customers', kind: 'malformed' });
    const refusal = await refusalOf(bed.stripe.customers.create({}));
    expect(refusal.message).toMatch(/Invalid JSON/);
  });

  it('sends nothing on when the connection is reset before the effect', async () => {
    await bed.control('POST', '/_sandbox/faults', { path: '/v1/customers', kind: 'reset-before', times: 2 });
    expect((await refusalOf(bed.stripe.customers.create({ email: 'reset@example.com' }))).type).toBe(
      'StripeConnectionError',
    );
    expect((await bed.stripe.customers.list({ email: 'reset@example.com' })).data).toEqual([]);
  });

  it('keeps books by appointment', async () => {
    const labelled = { ...hold, metadata: { appointment_id: 'a-9' } };
    const one = await bed.stripe.paymentIntents.create(labelled);
    await bed.stripe.paymentIntents.create({ ...hold, metadata: { appointment_id: 'a-10' } });
    await bed.stripe.paymentIntents.capture(one.id);
    await bed.stripe.refunds.create({ payment_intent: one.id, amount: 2_500 });
    expect(await bed.control('GET', '/_sandbox/ledger?appointmentId=a-9')).toMatchObject({
      paymentIntents: [
        { id: one.id, status: 'succeeded', capturedMinor: 10_000, refundedMinor: 2_500, heldMinor: 0 },
      ],
      refunds: [{ amountMinor: 2_500, status: 'succeeded' }],
      counts: { paymentIntents: 1, refunds: 1, mails: 0 },
      totals: { capturedMinor: 10_000, refundedMinor: 2_500 },
    });
  });

  it('records what was said, without secrets', async () => {
    const card = { number: '4242424242424242', exp_month: 12, exp_year: 2034, cvc: '987' };
    await bed.stripe.paymentMethods.create({ type: 'card', card });
    const { client_secret } = await bed.stripe.paymentIntents.create(hold);
    const text = JSON.stringify(await bed.control('GET', '/_sandbox/recordings?vendor=stripe'));
    expect(text).toContain('"path":"/v1/payment_methods"');
    for (const secret of [card.number, '"987"', client_secret ?? '', 'sk_test_spec'])
      expect(text).not.toContain(secret);
  });
});

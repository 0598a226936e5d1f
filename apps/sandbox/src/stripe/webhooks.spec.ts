import { Stripe } from 'stripe';
import { hold, startTestBed, stripeWebhookSecret, until, type TestBed } from '../test-bed.js';

describe('Stripe webhooks of the sandbox', () => {
  let bed: TestBed;
  beforeAll(async () => {
    bed = await startTestBed();
  });
  afterAll(() => bed.close());
  beforeEach(async () => {
    await bed.control('POST', '/_sandbox/webhooks/release', {});
    bed.receiver.received.length = 0;
  });

  const types = (): string[] => bed.events().map(({ type }) => type);
  const inOrder = ['payment_intent.created', 'charge.succeeded', 'payment_intent.amount_capturable_updated'];

  it('are signed as Stripe signs, in real time even when the world is ahead', async () => {
    await bed.control('POST', '/_sandbox/clock/advance', { days: 2 });
    const intent = await bed.stripe.paymentIntents.create(hold, { idempotencyKey: 'signed' });
    await until('three events arrive', () => bed.receiver.received.length === 3);
    for (const { headers, body } of bed.receiver.received) {
      const signature = headers['stripe-signature'] as string;
      const event = Stripe.webhooks.constructEvent(body, signature, stripeWebhookSecret);
      expect(event.api_version).toBe('2026-10-28.endive');
      expect(event.request).toEqual({ id: intent.lastResponse.requestId, idempotency_key: 'signed' });
      const signedAt = Number(/t=(\d+)/.exec(signature)?.[1]);
      expect(Math.abs(signedAt - Date.now() / 1_000)).toBeLessThan(60);
      expect(event.created - signedAt).toBeGreaterThan(86_400);
    }
    expect(types()).toEqual(inOrder);
  });

  it.each([
    ['twice', 2],
    ['thrice', 3],
  ])('arrive %s when told', async (mode, times) => {
    await bed.control('POST', '/_sandbox/webhooks/stripe', { mode });
    await bed.stripe.customers.create({});
    await until('all copies arrive', () => bed.receiver.received.length === times);
    expect(new Set(bed.events().map(({ id }) => id)).size).toBe(1);
  });

  it('arrive out of order when told', async () => {
    await bed.control('POST', '/_sandbox/webhooks/stripe', { mode: 'reorder', window: 3 });
    await bed.stripe.paymentIntents.create(hold);
    await until('three events arrive', () => bed.receiver.received.length === 3);
    expect(types()).toEqual(inOrder.toReversed());
  });

  it('that wait for others to overtake them do not wait for ever', async () => {
    await bed.control('POST', '/_sandbox/webhooks/stripe', { mode: 'reorder', window: 5, delayMs: 20 });
    await bed.stripe.customers.create({});
    await until('the event arrives', () => bed.receiver.received.length === 1);
  });

  it('are held until they are released', async () => {
    await bed.control('POST', '/_sandbox/webhooks/stripe', { mode: 'hold' });
    await bed.stripe.paymentIntents.create(hold);
    expect((await bed.control('GET', '/_sandbox/webhooks')).stripe).toMatchObject({ mode: 'hold', held: 3 });
    expect(bed.receiver.received).toEqual([]);
    expect(await bed.control('POST', '/_sandbox/webhooks/release', { order: 'last-to-first' })).toEqual({
      released: 3,
    });
    await until('three events arrive', () => bed.receiver.received.length === 3);
    expect(types()).toEqual(inOrder.toReversed());
  });

  it('come late when told', async () => {
    await bed.control('POST', '/_sandbox/webhooks/stripe', { mode: 'late', delayMs: 150 });
    const startedAt = Date.now();
    await bed.stripe.customers.create({});
    await until('the event arrives', () => bed.receiver.received.length === 1);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(150);
  });

  it('are sent again until they are accepted', async () => {
    bed.receiver.refuse = 1;
    const customer = await bed.stripe.customers.create({});
    await until('the event arrives', () => bed.receiver.received.length === 1);
    const [event] = (await bed.stripe.events.list({ type: 'customer.created', limit: 1 })).data;
    expect((event?.data.object as Stripe.Customer).id).toBe(customer.id);
    await until('the event counts as delivered', async () => {
      return (await bed.stripe.events.retrieve(event?.id ?? '')).pending_webhooks === 0;
    });
  });

  it('can be sent once more, with a signature that must be refused as well', async () => {
    await bed.stripe.customers.create({});
    await until('the event arrives', () => bed.receiver.received.length === 1);
    const [event] = bed.events();
    const redeliver = (signature: string) =>
      bed.control('POST', `/_sandbox/stripe/events/${event?.id ?? ''}/redeliver`, { signature });
    expect(await redeliver('valid')).toEqual({ statuses: [204] });
    await redeliver('wrong');
    await redeliver('stale');
    const verdicts = bed.receiver.received.map(({ headers, body }) => {
      try {
        return Stripe.webhooks.constructEvent(body, String(headers['stripe-signature']), stripeWebhookSecret)
          .id;
      } catch (error) {
        return (error as Error).name;
      }
    });
    expect(verdicts).toEqual([event?.id, event?.id, 'Error', 'Error']);
  });
});

import type { Stripe } from 'stripe';
import { hold, refusalOf, startTestBed, type TestBed } from '../test-bed.js';

describe('test cards in the sandbox', () => {
  let bed: TestBed;
  beforeAll(async () => {
    bed = await startTestBed();
  });
  afterAll(() => bed.close());

  const pay = (payment_method: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
    bed.stripe.paymentIntents.create({ ...hold, payment_method, ...more });
  const authenticate = (id: string, outcome: 'succeed' | 'fail') =>
    bed.control('POST', `/_sandbox/stripe/payment_intents/${id}/authenticate`, { outcome });

  it.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'processing_error'],
  ])(
    '%s is declined with %s and %s, and leaves an intent that wants another card',
    async (card, code, declineCode) => {
      const refusal = await refusalOf(pay(card));
      expect([refusal.statusCode, refusal.type]).toEqual([402, 'StripeCardError']);
      expect([refusal.code, refusal.decline_code]).toEqual([code, declineCode]);
      const intent = await bed.stripe.paymentIntents.retrieve(refusal.payment_intent?.id ?? '');
      expect(intent).toMatchObject({ status: 'requires_payment_method', payment_method: null });
      const retried = await bed.stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
      expect(retried.status).toBe('requires_capture');
    },
  );

  it('a card that wants 3D Secure waits for its owner, who may say yes', async () => {
    const intent = await pay('pm_card_authenticationRequired');
    expect(intent.status).toBe('requires_action');
    expect(intent.next_action?.type).toBe('use_stripe_sdk');
    expect(intent.client_secret).toMatch(/^pi_\w+_secret_\w+$/);
    expect(await authenticate(intent.id, 'succeed')).toEqual({ id: intent.id, status: 'requires_capture' });
    expect((await bed.stripe.paymentIntents.retrieve(intent.id)).amount_capturable).toBe(10_000);
  });

  it('a card that wants 3D Secure is not charged when its owner fails to answer', async () => {
    const intent = await pay('pm_card_threeDSecure2Required');
    await authenticate(intent.id, 'fail');
    expect(await bed.stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
      latest_charge: null,
    });
    await expect(authenticate(intent.id, 'succeed')).rejects.toThrow(/400.*nothing to authenticate/);
  });

  it('a card can be declined after its owner answered', async () => {
    const intent = await pay('pm_card_threeDSecureRequiredChargeDeclined');
    expect(await authenticate(intent.id, 'succeed')).toEqual({
      id: intent.id,
      status: 'requires_payment_method',
    });
  });

  it('nobody can be asked off session, so the card is declined', async () => {
    const customer = await bed.stripe.customers.create({ email: 'ann@example.com' });
    const card = await bed.stripe.paymentMethods.attach('pm_card_authenticationRequired', {
      customer: customer.id,
    });
    const refusal = await refusalOf(pay(card.id, { customer: customer.id, off_session: true }));
    expect([refusal.statusCode, refusal.code]).toEqual([402, 'authentication_required']);
  });

  it('a card by its number behaves like the id that stands for it', async () => {
    const card = { number: '4000 0000 0000 9995', exp_month: 12, exp_year: 2034, cvc: '123' };
    const method = await bed.stripe.paymentMethods.create({ type: 'card', card });
    expect(method.card?.last4).toBe('9995');
    expect((await refusalOf(pay(method.id))).decline_code).toBe('insufficient_funds');
    const real = { ...card, number: '4111111111111111' };
    const refusal = await refusalOf(bed.stripe.paymentMethods.create({ type: 'card', card: real }));
    expect(refusal.decline_code).toBe('test_mode_live_card');
  });

  it('a bad card fails when it is attached, the one that is meant to fail later does not', async () => {
    const customer = (await bed.stripe.customers.create({})).id;
    const bad = await refusalOf(
      bed.stripe.paymentMethods.attach('pm_card_visa_chargeDeclined', { customer }),
    );
    expect(bad.statusCode).toBe(402);
    const later = await bed.stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer });
    expect(later.customer).toBe(customer);
    expect((await refusalOf(pay(later.id, { customer }))).decline_code).toBe('generic_decline');
  });

  it('a card of one customer does not pay for another, and one that is nobody’s pays once', async () => {
    const [ann, bob] = [await bed.stripe.customers.create({}), await bed.stripe.customers.create({})];
    const card = await bed.stripe.paymentMethods.attach('pm_card_visa', { customer: ann.id });
    expect((await refusalOf(pay(card.id, { customer: bob.id }))).message).toMatch(/belongs to a Customer/);
    expect((await pay(card.id, { customer: ann.id })).status).toBe('requires_capture');
    expect((await pay(card.id, { customer: ann.id })).status).toBe('requires_capture');

    const once = await pay('pm_card_visa');
    expect((await refusalOf(pay(once.payment_method as string))).message).toMatch(/previously used/);
  });

  it.each([
    [{ colour: 'red' }, 'colour', 'parameter_unknown'],
    [
      { automatic_payment_methods: { enabled: true, colour: 'red' } },
      'automatic_payment_methods[colour]',
      'parameter_unknown',
    ],
    [{ payment_method_types: ['card'] }, 'payment_method_types', 'parameter_unknown'],
    [{ amount: 10.5 }, 'amount', 'parameter_invalid_integer'],
    [{ amount: 49 }, 'amount', 'amount_too_small'],
    [{ currency: undefined }, 'currency', 'parameter_missing'],
    [{ customer: 'cus_nobody' }, 'customer', 'resource_missing'],
    [{ payment_method: 'pm_nobody' }, 'payment_method', 'resource_missing'],
    [{ automatic_payment_methods: undefined }, 'return_url', undefined],
  ])('a request with %j is refused and names %s', async (wrong, param, code) => {
    const before = (await bed.stripe.paymentIntents.list({ limit: 100 })).data.length;
    const refusal = await refusalOf(bed.stripe.paymentIntents.create({ ...hold, ...wrong } as typeof hold));
    expect([refusal.type, refusal.param, refusal.code]).toEqual(['StripeInvalidRequestError', param, code]);
    expect((await bed.stripe.paymentIntents.list({ limit: 100 })).data.length).toBe(before);
  });

  it('a live key, another version and an unknown route are refused', async () => {
    const ask = (path: string, headers: Record<string, string>) =>
      fetch(new URL(path, bed.sandbox.url), { headers }).then(({ status }) => status);
    expect(await ask('/v1/customers', { authorization: 'Bearer sk_live_1' })).toBe(401);
    expect(await ask('/v1/customers', {})).toBe(401);
    const authorization = 'Bearer sk_test_1';
    expect(await ask('/v1/customers', { authorization, 'stripe-version': '2020-08-27' })).toBe(400);
    expect(await ask('/v1/invoices', { authorization })).toBe(404);
  });
});

import { newAppointment, SpecApp, until } from '../spec-app.js';
import { Story } from '../spec-story.js';
import { holdPayment } from './hold-payment.js';

const app = new SpecApp();
const story = new Story(app);
beforeAll(() => app.open(), 60_000);
afterAll(() => app.close());
afterEach(() => app.stopWorkers());

describe('a hold', () => {
  it("that nobody took in time is gone at the processor's own deadline, and said to be (Y-34)", async () => {
    await app.startWorkers();
    const appointment = await story.held();
    await app.control('/_sandbox/clock/advance', { days: 6, hours: 20 });
    expect((await app.payment(appointment)).status).toBe('HELD');
    await app.control('/_sandbox/clock/advance', { hours: 5 });
    await story.becomes(appointment, 'CANCELLED');
    expect(await story.told(appointment)).toEqual(['held', 'hold-lapsed']);
    await story.tryCard(appointment, 'pm_card_mastercard', 2);
    await story.becomes(appointment, 'HELD');
  });

  it('whose webhooks are all lost is found to be gone by asking', async () => {
    await app.startWorkers();
    await app.control('/_sandbox/webhooks/stripe', { mode: 'hold' });
    const appointment = await story.held();
    await app.control('/_sandbox/clock/advance', { days: 8 });
    await story.becomes(appointment, 'CANCELLED');
    expect(await story.told(appointment)).toEqual(['held', 'hold-lapsed']);
    await app.control('/_sandbox/webhooks/release', {});
  });
});

describe('a payer who answered the bank', () => {
  it('is noticed within the next quarter of an hour when no webhook came', async () => {
    await app.startWorkers();
    await app.control('/_sandbox/webhooks/stripe', { mode: 'hold' });
    const appointment = newAppointment();
    await story.request(appointment, 'pm_card_threeDSecure2Required');
    await story.becomes(appointment, 'ACTION_REQUIRED');
    const [intent] = await story.intents(appointment);
    await app.control(`/_sandbox/stripe/payment_intents/${intent?.id ?? ''}/authenticate`, {
      outcome: 'succeed',
    });
    await app.control('/_sandbox/clock/advance', { minutes: 26 });
    await story.becomes(appointment, 'HELD');
    await app.control('/_sandbox/webhooks/release', {});
  });
});

describe('an order whose answer was lost', () => {
  it('is found after more than a day, when the processor has forgotten its key: one hold', async () => {
    const appointment = newAppointment();
    await story.request(appointment);
    const { id: paymentId } = await app.payment(appointment);
    await app.control('/_sandbox/webhooks/stripe', { mode: 'hold' });
    await app.control('/_sandbox/faults', {
      method: 'POST',
      path: '/v1/payment_intents',
      kind: 'reset-after-effect',
      times: 3,
    });
    await expect(holdPayment(app.deps(), { paymentId, attempt: 1 })).rejects.toThrow();
    await app.control('/_sandbox/clock/advance', { hours: 25 });
    await app.startWorkers();
    await story.becomes(appointment, 'HELD');
    expect(await story.intents(appointment)).toHaveLength(1);
    await app.control('/_sandbox/webhooks/release', {});
  });

  it('is found and voided when the appointment was cancelled meanwhile', async () => {
    const appointment = newAppointment();
    await story.request(appointment);
    const { id: paymentId } = await app.payment(appointment);
    await app.control('/_sandbox/webhooks/stripe', { mode: 'hold' });
    await app.control('/_sandbox/faults', {
      method: 'POST',
      path: '/v1/payment_intents',
      kind: 'reset-after-effect',
      times: 3,
    });
    await expect(holdPayment(app.deps(), { paymentId, attempt: 1 })).rejects.toThrow();
    await story.cancel(appointment, 10_000);
    await app.startWorkers();
    await until(
      'the order to be voided',
      async () => (await story.intents(appointment))[0]?.status === 'canceled',
    );
    expect((await app.payment(appointment)).status).toBe('CANCELLED');
    await app.control('/_sandbox/webhooks/release', {});
  });
});

describe('two workers', () => {
  it('with the same orders and all webhooks twice charge each appointment once', async () => {
    await app.control('/_sandbox/webhooks/stripe', { mode: 'twice' });
    await Promise.all([app.startWorkers(), app.startWorkers()]);
    const appointments = Array.from({ length: 20 }, () => newAppointment());
    await Promise.all(
      appointments.map(async (appointment) => {
        await story.request(appointment);
        await story.confirm(appointment);
      }),
    );
    for (const appointment of appointments) {
      await story.becomes(appointment, 'CAPTURED');
      expect(await story.intents(appointment)).toMatchObject([
        { status: 'succeeded', amount_received: 12_000 },
      ]);
      expect(await story.told(appointment)).toEqual(['held', 'captured']);
    }
  });

  it('that send the same order at the same moment hold the money once (X-08)', async () => {
    const appointment = newAppointment();
    await story.request(appointment);
    const { id: paymentId } = await app.payment(appointment);
    const both = [1, 2, 3].map(() => holdPayment(app.deps(), { paymentId, attempt: 1 }));
    expect((await Promise.allSettled(both)).some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await story.intents(appointment)).toHaveLength(1);
    expect(await story.told(appointment)).toEqual(['held']);
  });
});

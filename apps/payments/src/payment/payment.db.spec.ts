import {
  appointmentDeclined,
  appointmentExpired,
  appointmentPaymentFailed,
  practiceChanged,
  type AppointmentState,
} from '@caregraph/contracts';
import { newAppointment, SpecApp, until } from '../spec-app.js';
import { Story } from '../spec-story.js';

const app = new SpecApp();
const story = new Story(app);
beforeAll(async () => {
  await app.open();
  await app.startWorkers();
}, 60_000);
afterAll(() => app.close());
afterEach(() => app.control('/_sandbox/faults', undefined, 'DELETE'));

/** Something goes wrong between us and the processor, on this route. */
const fault = (path: string, kind: string, more: object = {}): Promise<unknown> =>
  app.control('/_sandbox/faults', { method: 'POST', path, kind, ...more });

/** The order is on its way to the processor. */
const sent = (order: string, appointment: AppointmentState): Promise<void> =>
  until(`the ${order} to be sent`, async () => {
    const { id } = await app.payment(appointment);
    return (await app.sql('select 1 from processor_call where id like ?', [`${order}_${id}%`])).length > 0;
  });

describe('an appointment that was requested', () => {
  it('has its price held, with what tells the processor which appointment it is (PY-009)', async () => {
    const { practiceId } = newAppointment();
    await app.hear(practiceChanged.of({ ...practiceChanged.example, practiceId }));
    const appointment = await story.held({ mode: 'INSTANT' });
    const [intent, ...more] = await story.intents(appointment);
    const { id: paymentId, heldUntil } = await app.payment(appointment);
    expect(more).toEqual([]);
    expect(intent).toMatchObject({
      status: 'requires_capture',
      amount: 12_000,
      description: 'Appointment with Harbor Family Health',
      transfer_group: appointment.bookingNumber,
    });
    expect(intent?.metadata).toEqual({
      bookingId: appointment.appointmentId,
      bookingNumber: appointment.bookingNumber,
      bookingType: 'INSTANT',
      providerId: appointment.providerId,
      patientId: appointment.patientId,
      practiceId: appointment.practiceId,
      appointmentTypeId: appointment.appointmentTypeId,
      paymentId,
      attempt: '1',
    });
    expect(JSON.stringify(intent)).not.toContain(appointment.appointmentTypeName);
    // The sandbox says seven days; what is kept is its word and no sum of ours.
    const [event] = await app.published(appointment);
    expect(event).toMatchObject({
      type: 'held',
      data: { status: 'HELD', heldUntil: heldUntil?.toISOString() },
    });
    expect(Math.round(((heldUntil?.getTime() ?? 0) - app.clock.now().getTime()) / 86_400_000)).toBe(7);
  });

  it.each([
    ['free of charge', { price: { amountMinor: 0, currency: 'USD' } }, 'pm_card_visa'],
    ['paid at the visit', { paymentMode: 'AT_VISIT' as const }, 'pm_card_visa'],
    ['booked without a card', {}, null],
  ])('has no payment when it is %s', async (_what, overrides, card) => {
    const appointment = newAppointment(overrides);
    await story.request(appointment, card);
    await expect(app.payment(appointment)).rejects.toThrow('not found');
  });

  it('has one payment, also when the event comes twice', async () => {
    const appointment = newAppointment();
    await story.request(appointment);
    await story.request(appointment);
    await story.becomes(appointment, 'HELD');
    expect(await story.intents(appointment)).toHaveLength(1);
  });

  it.each([
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds', true],
    ['pm_card_visa_chargeDeclinedStolenCard', 'stolen_card', false],
    ['pm_that_nobody_knows', 'resource_missing', false],
  ])('fails with the card %s: %s, to be tried again: %s', async (card, declineCode, retryable) => {
    const appointment = newAppointment();
    await story.request(appointment, card);
    await story.becomes(appointment, 'FAILED');
    const [event, ...more] = await app.published(appointment);
    expect(event).toMatchObject({ type: 'failed', data: { declineCode, retryable } });
    expect(more).toEqual([]);
    await until('the declined order to be voided', async () =>
      (await story.intents(appointment)).every(({ status }) => status === 'canceled'),
    );
  });

  it('is paid with another card after the first was declined, as attempt 2', async () => {
    const appointment = newAppointment();
    await story.request(appointment, 'pm_card_visa_chargeDeclined');
    await story.becomes(appointment, 'FAILED');
    await story.tryCard(appointment, 'pm_card_mastercard', 2);
    await story.becomes(appointment, 'HELD');
    await until(
      'the first order to be voided',
      async () => (await story.intents(appointment))[0]?.status === 'canceled',
    );
    expect((await story.intents(appointment)).map(({ status }) => status)).toEqual([
      'canceled',
      'requires_capture',
    ]);
    expect(await story.told(appointment)).toEqual(['failed', 'held']);
  });
});

describe('an appointment that is confirmed', () => {
  it('has its hold captured, and the platform fee kept (Y-33)', async () => {
    const appointment = await story.captured();
    expect(await story.intents(appointment)).toMatchObject([
      { status: 'succeeded', amount_received: 12_000 },
    ]);
    expect(await app.payment(appointment)).toMatchObject({
      capturedAmountMinor: 12_000,
      platformFeeMinor: 1_350,
      platformFeeReturnedMinor: 0,
    });
    expect(await story.told(appointment)).toEqual(['held', 'captured']);
  });

  it('before the hold is known is captured as soon as it is', async () => {
    await fault('/v1/payment_intents', 'delay', { delayMs: 800 });
    const appointment = newAppointment();
    await story.request(appointment);
    await story.confirm(appointment);
    await story.becomes(appointment, 'CAPTURED');
    expect(await story.told(appointment)).toEqual(['held', 'captured']);
  });

  it('is told when the hold had lapsed, and captures the next card at once (Y-33)', async () => {
    // A late webhook of the hold itself would look the order up, and learn that it lapsed before the capture does.
    await app.control('/_sandbox/webhooks/stripe', { mode: 'hold' });
    const appointment = await story.held();
    const [intent] = await story.intents(appointment);
    await story.processor(`/v1/payment_intents/${intent?.id ?? ''}/cancel`, 'POST');
    await story.confirm(appointment);
    await story.becomes(appointment, 'FAILED');
    await app.control('/_sandbox/webhooks/release', {});
    expect(await story.told(appointment)).toEqual(['held', 'capture-failed']);
    await story.tryCard({ ...appointment, status: 'CONFIRMED', version: 4 }, 'pm_card_mastercard', 2);
    await story.becomes(appointment, 'CAPTURED');
    expect(await story.told(appointment)).toEqual(['held', 'capture-failed', 'held', 'captured']);
  });
});

describe('an appointment that is off', () => {
  it('because the provider declined has its hold voided (PY-011)', async () => {
    const appointment = await story.held();
    await app.hear(appointmentDeclined.of({ ...appointment, version: 2, refundBasisPoints: 10_000 }));
    await story.becomes(appointment, 'CANCELLED');
    expect(await story.intents(appointment)).toMatchObject([
      { status: 'canceled', amount_received: 0, cancellation_reason: 'abandoned' },
    ]);
    expect(await story.told(appointment)).toEqual(['held', 'voided']);
  });

  it('because nobody answered has its hold voided, with a reason that the processor knows (X-10)', async () => {
    const appointment = await story.held();
    await app.hear(
      appointmentExpired.of({
        ...appointment,
        version: 2,
        cause: 'PROVIDER_DID_NOT_ANSWER',
        refundBasisPoints: 10_000,
      }),
    );
    await story.becomes(appointment, 'CANCELLED');
    expect(await story.intents(appointment)).toMatchObject([
      { status: 'canceled', cancellation_reason: 'abandoned' },
    ]);
    expect((await app.payment(appointment)).closeCause).toBe('EXPIRED');
  });

  it('late, while only held, has the fee part captured and nothing refunded (X-16)', async () => {
    const appointment = await story.held();
    await story.cancel(appointment, 2_500);
    await story.becomes(appointment, 'CAPTURED');
    expect(await story.intents(appointment)).toMatchObject([{ status: 'succeeded', amount_received: 9_000 }]);
    expect(await app.payment(appointment)).toMatchObject({
      capturedAmountMinor: 9_000,
      platformFeeReturnedMinor: 338,
    });
    expect(await story.told(appointment)).toEqual(['held', 'captured']);
  });

  it('before the hold was known voids it once it is', async () => {
    await fault('/v1/payment_intents', 'delay', { delayMs: 800 });
    const appointment = newAppointment();
    await story.request(appointment);
    await sent('hold', appointment);
    await story.cancel(appointment, 5_000);
    await until(
      'the hold to be voided',
      async () => (await story.intents(appointment))[0]?.status === 'canceled',
    );
    expect((await app.payment(appointment)).status).toBe('CANCELLED');
    expect(await story.told(appointment)).toEqual(['voided']);
  });

  it('while the capture is under way is refunded after it (Y-35)', async () => {
    const appointment = await story.held();
    await fault('/v1/payment_intents/*/capture', 'delay', { delayMs: 800 });
    await story.confirm(appointment);
    await sent('capture', appointment);
    await story.cancel(appointment, 5_000);
    await story.becomes(appointment, 'PARTIALLY_REFUNDED');
    expect(await story.told(appointment)).toEqual(['held', 'captured', 'refunded']);
    expect(await app.payment(appointment)).toMatchObject({
      capturedAmountMinor: 12_000,
      refundedAmountMinor: 6_000,
    });
  });
});

describe('a payment that booking gave up', () => {
  it('is voided when it succeeds late, as PAYMENT_LATE (Y-28)', async () => {
    const appointment = newAppointment();
    await story.request(appointment, 'pm_card_threeDSecure2Required');
    await story.becomes(appointment, 'ACTION_REQUIRED');
    await app.hear(appointmentPaymentFailed.of({ ...appointment, version: 2, status: 'PAYMENT_FAILED' }));
    const [intent] = await story.intents(appointment);
    // The payer answers the bank before, or after, the order is voided: nothing stays held either way.
    await app
      .control(`/_sandbox/stripe/payment_intents/${intent?.id ?? ''}/authenticate`, { outcome: 'succeed' })
      .catch(() => undefined);
    await until(
      'the order to be voided',
      async () => (await story.intents(appointment))[0]?.status === 'canceled',
    );
    const attempt = () =>
      app.sql<{ outcome: string; void_cause: string }>(
        `select a.outcome, a.void_cause from payment_attempt a join payment p on p.id = a.payment_id where p.appointment_id = ?`,
        [appointment.appointmentId],
      );
    await until('it to be recorded', async () => (await attempt())[0]?.outcome === 'VOIDED');
    expect(await attempt()).toEqual([{ outcome: 'VOIDED', void_cause: 'PAYMENT_LATE' }]);
    expect((await app.payment(appointment)).status).toBe('FAILED');
    expect(await story.told(appointment)).toEqual(['action-required', 'voided']);
  });
});

describe('a payer who must answer the bank', () => {
  it('has the money held once he did, and his secret forgotten', async () => {
    const appointment = newAppointment();
    await story.request(appointment, 'pm_card_threeDSecure2Required');
    await story.becomes(appointment, 'ACTION_REQUIRED');
    expect((await app.payment(appointment)).clientSecret).toMatch(/^sealed\.v1\./);
    const [intent] = await story.intents(appointment);
    await app.control(`/_sandbox/stripe/payment_intents/${intent?.id ?? ''}/authenticate`, {
      outcome: 'succeed',
    });
    await story.becomes(appointment, 'HELD');
    expect((await app.payment(appointment)).clientSecret).toBeNull();
    expect(await story.told(appointment)).toEqual(['action-required', 'held']);
  });
});

describe("the processor's answer", () => {
  it.each(['reset-after-effect', '500-after-effect', 'malformed'])(
    'lost after the effect (%s) gives one hold (X-08)',
    async (kind) => {
      await app.control('/_sandbox/webhooks/stripe', { mode: 'hold' });
      const appointment = newAppointment();
      // More than the SDK's own three tries, so that the job has to come again.
      await fault('/v1/payment_intents', kind, {
        times: kind === 'reset-after-effect' ? 4 : 1,
        bodyIncludes: appointment.appointmentId,
      });
      await story.request(appointment);
      await story.becomes(appointment, 'HELD');
      await app.control('/_sandbox/webhooks/release', {});
      expect(await story.intents(appointment)).toHaveLength(1);
      expect(await story.told(appointment)).toEqual(['held']);
    },
  );

  it('lost after a capture takes the money once', async () => {
    const appointment = await story.held();
    await app.control('/_sandbox/webhooks/stripe', { mode: 'hold' });
    await fault('/v1/payment_intents/*/capture', 'reset-after-effect', { times: 4 });
    await story.confirm(appointment);
    await story.becomes(appointment, 'CAPTURED');
    expect(await story.intents(appointment)).toMatchObject([
      { status: 'succeeded', amount_received: 12_000 },
    ]);
    expect(await story.told(appointment)).toEqual(['held', 'captured']);
    await app.control('/_sandbox/webhooks/release', {});
  });

  it('that it failed is looked into, and the order sent again under another key', async () => {
    const appointment = newAppointment();
    await fault('/v1/payment_intents', '500', { bodyIncludes: appointment.appointmentId });
    await story.request(appointment);
    await story.becomes(appointment, 'HELD');
    expect(await story.intents(appointment)).toHaveLength(1);
    const { id } = await app.payment(appointment);
    expect(await app.sql('select key_number from processor_call where id = ?', [`hold_${id}_1`])).toEqual([
      { key_number: 2 },
    ]);
  });

  it('that there were too many requests is waited out', async () => {
    const appointment = newAppointment();
    await fault('/v1/payment_intents', '429', { times: 1, bodyIncludes: appointment.appointmentId });
    await story.request(appointment);
    await story.becomes(appointment, 'HELD');
    expect(await story.intents(appointment)).toHaveLength(1);
  });
});

describe('each order to the processor', () => {
  interface StripeEvent {
    type: string;
    request: { idempotency_key: string | null };
    data: { object: { id: string; payment_intent?: string } };
  }

  /** Under which key the processor saw each thing happen to the appointment's order. */
  async function keysOf(appointment: AppointmentState): Promise<Record<string, string | null>> {
    const [intent] = await story.intents(appointment);
    const { data } = await story.processor<{ data: StripeEvent[] }>('/v1/events?limit=100');
    const own = data.filter(({ data: { object } }) =>
      [object.id, object.payment_intent].includes(intent?.id),
    );
    return Object.fromEntries(own.map(({ type, request }) => [type, request.idempotency_key]));
  }

  it('goes out under a key made of our own ids, as an option of the request (PY-012)', async () => {
    const appointment = await story.captured();
    await story.cancel(appointment, 10_000);
    await story.becomes(appointment, 'REFUNDED');
    const { id } = await app.payment(appointment);
    const [refund] = await app.sql<{ id: string }>('select id from refund where payment_id = ?', [id]);
    expect(await keysOf(appointment)).toMatchObject({
      'payment_intent.amount_capturable_updated': `hold_${id}_1`,
      'payment_intent.succeeded': `capture_${id}_1`,
      'refund.created': `refund_${refund?.id ?? ''}`,
    });
  });

  it('has no clock in its key: a hold that is given up twice has one (X-09)', async () => {
    const appointment = await story.held();
    await story.cancel(appointment, 10_000);
    await story.becomes(appointment, 'CANCELLED');
    const { id } = await app.payment(appointment);
    expect(await keysOf(appointment)).toMatchObject({ 'payment_intent.canceled': `cancel_${id}_1` });
  });
});

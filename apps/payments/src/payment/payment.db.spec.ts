import {
  appointmentCancelled,
  appointmentConfirmed,
  appointmentDeclined,
  appointmentExpired,
  appointmentPaymentFailed,
  appointmentPaymentRequested,
  appointmentRequested,
  type AppointmentState,
  type PaymentState,
} from '@caregraph/contracts';
import { newAppointment, SpecApp, until } from '../spec-app.js';

const app = new SpecApp();
beforeAll(async () => {
  await app.open();
  await app.startWorkers();
}, 60_000);
afterAll(() => app.close());
afterEach(() => app.control('/_sandbox/faults', undefined, 'DELETE'));

interface Intent {
  id: string;
  status: string;
  amount: number;
  amountReceived: number;
  metadata: Record<string, string>;
}

/** Stripe's own view of an appointment's PaymentIntents, the oldest first. */
async function intentsOf({ appointmentId }: AppointmentState): Promise<Intent[]> {
  const query = new URLSearchParams({ query: `metadata['bookingId']:'${appointmentId}'`, limit: '100' });
  const response = await fetch(new URL(`/v1/payment_intents/search?${query.toString()}`, app.sandboxUrl), {
    headers: { authorization: 'Bearer sk_test_spec' },
  });
  const { data } = (await response.json()) as { data: (Intent & { amount_received: number })[] };
  return data.map((intent) => ({ ...intent, amountReceived: intent.amount_received })).reverse();
}

const request = (appointment: AppointmentState, paymentMethodId: string | null = 'pm_card_visa'): Promise<void> =>
  app.hear(appointmentRequested.of({ ...appointment, paymentMethodId, paymentDeadlineAt: null }));
const tryCard = (appointment: AppointmentState, paymentMethodId: string, attempt: number): Promise<void> =>
  app.hear(
    appointmentPaymentRequested.of({ ...appointment, paymentMethodId, attempt, paymentDeadlineAt: '2026-12-01T12:15:00.000Z' }),
  );
const confirm = (appointment: AppointmentState): Promise<void> =>
  app.hear(appointmentConfirmed.of({ ...appointment, version: 2, status: 'CONFIRMED' }));
const cancel = (appointment: AppointmentState, refundBasisPoints: number): Promise<void> =>
  app.hear(appointmentCancelled.of({ ...appointment, version: 3, cause: 'PATIENT', refundBasisPoints }));

const becomes = (appointment: AppointmentState, status: PaymentState['status']): Promise<void> =>
  until(`the payment to be ${status}`, async () => (await app.payment(appointment)).status === status);
const told = async (appointment: AppointmentState): Promise<string[]> => (await app.published(appointment)).map(({ type }) => type);

async function held(overrides: Partial<AppointmentState> = {}): Promise<AppointmentState> {
  const appointment = newAppointment(overrides);
  await request(appointment);
  await becomes(appointment, 'HELD');
  return appointment;
}

async function captured(): Promise<AppointmentState> {
  const appointment = await held();
  await confirm(appointment);
  await becomes(appointment, 'CAPTURED');
  return appointment;
}

describe('an appointment that was requested', () => {
  it('has its price held, with what tells the processor which appointment it is (PY-009)', async () => {
    const appointment = await held({ mode: 'INSTANT' });
    const [intent, ...more] = await intentsOf(appointment);
    const { id: paymentId, heldUntil } = await app.payment(appointment);
    expect(more).toEqual([]);
    expect(intent).toMatchObject({ status: 'requires_capture', amount: 12_000, description: 'Appointment', transfer_group: appointment.bookingNumber });
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
    expect(event).toMatchObject({ type: 'held', data: { status: 'HELD', heldUntil: heldUntil?.toISOString() } });
    expect(Math.round(((heldUntil?.getTime() ?? 0) - app.clock.now().getTime()) / 86_400_000)).toBe(7);
  });

  it.each([
    ['free of charge', { price: { amountMinor: 0, currency: 'USD' } }, 'pm_card_visa'],
    ['paid at the visit', { paymentMode: 'AT_VISIT' as const }, 'pm_card_visa'],
    ['booked without a card', {}, null],
  ])('has no payment when it is %s', async (_what, overrides, card) => {
    const appointment = newAppointment(overrides);
    await request(appointment, card);
    await expect(app.payment(appointment)).rejects.toThrow('not found');
  });

  it('has one payment, also when the event comes twice', async () => {
    const appointment = newAppointment();
    await request(appointment);
    await request(appointment);
    await becomes(appointment, 'HELD');
    expect(await intentsOf(appointment)).toHaveLength(1);
  });

  it.each([
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds', true],
    ['pm_card_visa_chargeDeclinedStolenCard', 'stolen_card', false],
    ['pm_that_nobody_knows', 'resource_missing', false],
  ])('fails with the card %s: %s, to be tried again: %s', async (card, declineCode, retryable) => {
    const appointment = newAppointment();
    await request(appointment, card);
    await becomes(appointment, 'FAILED');
    const [event, ...more] = await app.published(appointment);
    expect(event).toMatchObject({ type: 'failed', data: { declineCode, retryable } });
    expect(more).toEqual([]);
    await until('the declined order to be voided', async () =>
      (await intentsOf(appointment)).every(({ status }) => status === 'canceled'),
    );
  });

  it('is paid with another card after the first was declined, as attempt 2', async () => {
    const appointment = newAppointment();
    await request(appointment, 'pm_card_visa_chargeDeclined');
    await becomes(appointment, 'FAILED');
    await tryCard(appointment, 'pm_card_mastercard', 2);
    await becomes(appointment, 'HELD');
    await until('the first order to be voided', async () => (await intentsOf(appointment))[0]?.status === 'canceled');
    expect((await intentsOf(appointment)).map(({ status }) => status)).toEqual(['canceled', 'requires_capture']);
    expect(await told(appointment)).toEqual(['failed', 'held']);
  });
});

describe('an appointment that is confirmed', () => {
  it('has its hold captured, and the platform fee kept (PY-010)', async () => {
    const appointment = await captured();
    expect(await intentsOf(appointment)).toMatchObject([{ status: 'succeeded', amountReceived: 12_000 }]);
    expect(await app.payment(appointment)).toMatchObject({ capturedAmountMinor: 12_000, platformFeeMinor: 1_350, platformFeeReturnedMinor: 0 });
    expect(await told(appointment)).toEqual(['held', 'captured']);
  });

  it('before the hold is known is captured as soon as it is', async () => {
    await app.control('/_sandbox/faults', { method: 'POST', path: '/v1/payment_intents', kind: 'delay', delayMs: 800 });
    const appointment = newAppointment();
    await request(appointment);
    await confirm(appointment);
    await becomes(appointment, 'CAPTURED');
    expect(await told(appointment)).toEqual(['held', 'captured']);
  });

  it('is told when the hold had lapsed, and captures the next card at once (Y-33)', async () => {
    const appointment = await held();
    const [intent] = await intentsOf(appointment);
    await app.control('/_sandbox/webhooks/stripe', { mode: 'hold' });
    await fetch(new URL(`/v1/payment_intents/${intent?.id ?? ''}/cancel`, app.sandboxUrl), {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_spec', 'content-type': 'application/x-www-form-urlencoded' },
    });
    await confirm(appointment);
    await becomes(appointment, 'FAILED');
    await app.control('/_sandbox/webhooks/release', {});
    expect(await told(appointment)).toEqual(['held', 'capture-failed']);
    await tryCard({ ...appointment, status: 'CONFIRMED', version: 4 }, 'pm_card_mastercard', 2);
    await becomes(appointment, 'CAPTURED');
    expect(await told(appointment)).toEqual(['held', 'capture-failed', 'held', 'captured']);
  });
});

describe('an appointment that is off', () => {
  it('because the provider declined has its hold voided (PY-011)', async () => {
    const appointment = await held();
    await app.hear(appointmentDeclined.of({ ...appointment, version: 2, refundBasisPoints: 10_000 }));
    await becomes(appointment, 'CANCELLED');
    expect(await intentsOf(appointment)).toMatchObject([{ status: 'canceled', amountReceived: 0, cancellation_reason: 'abandoned' }]);
    expect(await told(appointment)).toEqual(['held', 'voided']);
  });

  it('because nobody answered has its hold voided, with a reason that the processor knows (X-10)', async () => {
    const appointment = await held();
    await app.hear(
      appointmentExpired.of({ ...appointment, version: 2, cause: 'PROVIDER_DID_NOT_ANSWER', refundBasisPoints: 10_000 }),
    );
    await becomes(appointment, 'CANCELLED');
    expect(await intentsOf(appointment)).toMatchObject([{ status: 'canceled', cancellation_reason: 'abandoned' }]);
    expect((await app.payment(appointment)).closeCause).toBe('EXPIRED');
  });

  it('late, while only held, has the fee part captured and nothing refunded (X-16)', async () => {
    const appointment = await held();
    await cancel(appointment, 2_500);
    await becomes(appointment, 'CAPTURED');
    expect(await intentsOf(appointment)).toMatchObject([{ status: 'succeeded', amountReceived: 9_000 }]);
    expect(await app.payment(appointment)).toMatchObject({ capturedAmountMinor: 9_000, platformFeeReturnedMinor: 338 });
    expect(await told(appointment)).toEqual(['held', 'captured']);
  });

  it('before the hold was known voids it once it is', async () => {
    await app.control('/_sandbox/faults', { method: 'POST', path: '/v1/payment_intents', kind: 'delay', delayMs: 800 });
    const appointment = newAppointment();
    await request(appointment);
    await cancel(appointment, 5_000);
    await until('the hold to be voided', async () => (await intentsOf(appointment))[0]?.status === 'canceled');
    expect((await app.payment(appointment)).status).toBe('CANCELLED');
    expect(await told(appointment)).toEqual(['voided']);
  });

  it('while the capture is under way is refunded after it (Y-35)', async () => {
    const appointment = await held();
    await app.control('/_sandbox/faults', { method: 'POST', path: '/v1/payment_intents/*/capture', kind: 'delay', delayMs: 800 });
    await confirm(appointment);
    await until('the capture to be sent', async () => (await app.sql(`select 1 from processor_call where id like ?`, [`capture_${(await app.payment(appointment)).id}%`])).length > 0);
    await cancel(appointment, 5_000);
    await becomes(appointment, 'PARTIALLY_REFUNDED');
    expect(await told(appointment)).toEqual(['held', 'captured', 'refunded']);
    expect(await app.payment(appointment)).toMatchObject({ capturedAmountMinor: 12_000, refundedAmountMinor: 6_000 });
  });
});

describe('a payment that booking gave up', () => {
  it('is voided when it succeeds late, as PAYMENT_LATE (Y-28)', async () => {
    const appointment = newAppointment();
    await request(appointment, 'pm_card_threeDSecure2Required');
    await becomes(appointment, 'ACTION_REQUIRED');
    await app.hear(appointmentPaymentFailed.of({ ...appointment, version: 2, status: 'PAYMENT_FAILED' }));
    const [intent] = await intentsOf(appointment);
    // The payer answers the bank before, or after, the order is voided: nothing stays held either way.
    await app
      .control(`/_sandbox/stripe/payment_intents/${intent?.id ?? ''}/authenticate`, { outcome: 'succeed' })
      .catch(() => undefined);
    await until('the order to be voided', async () => (await intentsOf(appointment))[0]?.status === 'canceled');
    const attempt = () => app.sql<{ outcome: string; void_cause: string }>(`select a.outcome, a.void_cause from payment_attempt a join payment p on p.id = a.payment_id where p.appointment_id = ?`, [appointment.appointmentId]);
    await until('it to be recorded', async () => (await attempt())[0]?.outcome === 'VOIDED');
    expect(await attempt()).toEqual([{ outcome: 'VOIDED', void_cause: 'PAYMENT_LATE' }]);
    expect((await app.payment(appointment)).status).toBe('FAILED');
    expect(await told(appointment)).toEqual(['action-required', 'voided']);
  });
});

describe('a payer who must answer the bank', () => {
  it('has the money held once he did, and his secret forgotten', async () => {
    const appointment = newAppointment();
    await request(appointment, 'pm_card_threeDSecure2Required');
    await becomes(appointment, 'ACTION_REQUIRED');
    expect((await app.payment(appointment)).clientSecret).toMatch(/^sealed\.v1\./);
    const [intent] = await intentsOf(appointment);
    await app.control(`/_sandbox/stripe/payment_intents/${intent?.id ?? ''}/authenticate`, { outcome: 'succeed' });
    await becomes(appointment, 'HELD');
    expect((await app.payment(appointment)).clientSecret).toBeNull();
    expect(await told(appointment)).toEqual(['action-required', 'held']);
  });
});

describe("the processor's answer", () => {
  it.each(['reset-after-effect', '500-after-effect', 'malformed'])('lost after the effect (%s) gives one hold (PY-012)', async (kind) => {
    await app.control('/_sandbox/webhooks/stripe', { mode: 'hold' });
    const appointment = newAppointment();
    // More than the SDK's own three tries, so that the job has to come again.
    await app.control('/_sandbox/faults', { method: 'POST', path: '/v1/payment_intents', kind, times: kind === 'reset-after-effect' ? 4 : 1, bodyIncludes: appointment.appointmentId });
    await request(appointment);
    await becomes(appointment, 'HELD');
    await app.control('/_sandbox/webhooks/release', {});
    expect(await intentsOf(appointment)).toHaveLength(1);
    expect(await told(appointment)).toEqual(['held']);
  });

  it('lost after a capture takes the money once (X-08)', async () => {
    const appointment = await held();
    await app.control('/_sandbox/faults', { method: 'POST', path: '/v1/payment_intents/*/capture', kind: 'reset-after-effect', times: 4 });
    await confirm(appointment);
    await becomes(appointment, 'CAPTURED');
    expect(await intentsOf(appointment)).toMatchObject([{ status: 'succeeded', amountReceived: 12_000 }]);
    expect(await told(appointment)).toEqual(['held', 'captured']);
  });

  it('that it failed is looked into, and the order sent again under another key', async () => {
    const appointment = newAppointment();
    await app.control('/_sandbox/faults', { method: 'POST', path: '/v1/payment_intents', kind: '500', bodyIncludes: appointment.appointmentId });
    await request(appointment);
    await becomes(appointment, 'HELD');
    expect(await intentsOf(appointment)).toHaveLength(1);
    const { id } = await app.payment(appointment);
    expect(await app.sql('select key_number from processor_call where id = ?', [`hold_${id}_1`])).toEqual([{ key_number: 2 }]);
  });

  it('that there were too many requests is waited out', async () => {
    const appointment = newAppointment();
    await app.control('/_sandbox/faults', { method: 'POST', path: '/v1/payment_intents', kind: '429', times: 2, bodyIncludes: appointment.appointmentId });
    await request(appointment);
    await becomes(appointment, 'HELD');
    expect(await intentsOf(appointment)).toHaveLength(1);
  });
});

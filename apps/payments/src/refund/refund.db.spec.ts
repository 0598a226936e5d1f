import { randomUUID } from 'node:crypto';
import { featureFlagChanged, type AppointmentState } from '@caregraph/contracts';
import { systemViewer, type Viewer } from '@caregraph/runtime';
import { idempotent } from '@caregraph/subgraph';
import type { Payment } from '../payment/payment.js';
import { PaymentNotFound, PaymentNotRefundable, RefundExceedsPayment } from '../payment/payment.refusals.js';
import { newAppointment, SpecApp, until } from '../spec-app.js';
import { Story } from '../spec-story.js';
import { refundPayment, type RefundPaymentInput } from './refund-payment.js';

const app = new SpecApp();
const story = new Story(app);
beforeAll(async () => {
  await app.open();
  await app.startWorkers();
}, 60_000);
afterAll(() => app.close());

const staffOf = (practiceId: string): Viewer => ({
  ...systemViewer,
  account: 'demo|staff',
  memberships: [{ practiceId, role: 'staff' }],
});

function refund(viewer: Viewer, input: Omit<RefundPaymentInput, 'reason'>): ReturnType<typeof refundPayment> {
  return idempotent(
    app.deps({ viewer }),
    'refundPayment',
    { reason: 'Kept waiting', ...input },
    refundPayment,
  );
}

const settled = (appointment: AppointmentState): Promise<void> =>
  until('the refunds to settle', async () => (await app.payment(appointment)).refundPendingMinor === 0);

describe('a captured appointment that is cancelled', () => {
  it('has the share refunded that booking says, rounded half up, and the fee returned in proportion (PY-014)', async () => {
    const appointment = await story.captured({ price: { amountMinor: 12_345, currency: 'USD' } });
    await story.cancel(appointment, 5_000);
    await story.becomes(appointment, 'PARTIALLY_REFUNDED');
    expect(await story.refunds(appointment)).toMatchObject([
      { amount: 6_173, status: 'succeeded', reason: 'requested_by_customer' },
    ]);
    const payment = await app.payment(appointment);
    expect(payment).toMatchObject({
      refundedAmountMinor: 6_173,
      platformFeeMinor: 1_385,
      platformFeeReturnedMinor: 693,
    });
    const [row] = await app.sql(
      'select cause, initiated_by, status, reference, settled_at from refund where payment_id = ?',
      [payment.id],
    );
    expect(row).toMatchObject({ cause: 'cancellation', initiated_by: 'patient', status: 'SUCCEEDED' });
    expect((await app.published(appointment)).at(-1)).toMatchObject({
      type: 'refunded',
      data: { refundAmountMinor: 6_173 },
    });
  });

  it('is refunded once, however often that is heard (X-17)', async () => {
    const appointment = await story.captured();
    await story.cancel(appointment, 10_000);
    await story.cancel(appointment, 10_000);
    await story.becomes(appointment, 'REFUNDED');
    await story.cancel(appointment, 10_000);
    expect(await story.refunds(appointment)).toMatchObject([{ amount: 12_000 }]);
    expect(await story.told(appointment)).toEqual(['held', 'captured', 'refunded']);
  });

  it('is refunded once when the answer is lost after the effect (X-17)', async () => {
    const appointment = await story.captured();
    await app.control('/_sandbox/faults', {
      method: 'POST',
      path: '/v1/refunds',
      kind: 'reset-after-effect',
      times: 3,
    });
    await story.cancel(appointment, 10_000);
    await story.becomes(appointment, 'REFUNDED');
    expect(await story.refunds(appointment)).toHaveLength(1);
    expect(await story.told(appointment)).toEqual(['held', 'captured', 'refunded']);
  });
});

describe('a refund that takes its time', () => {
  it('is pending until the bank has settled it (PY-026)', async () => {
    const appointment = await story.captured({}, 'pm_card_pendingRefund');
    await story.cancel(appointment, 10_000);
    await until('the order to be answered', async () => (await story.refunds(appointment)).length === 1);
    expect(await app.payment(appointment)).toMatchObject({
      status: 'CAPTURED',
      refundPendingMinor: 12_000,
      refundedAmountMinor: 0,
    });
    await app.control('/_sandbox/clock/advance', { seconds: 10 });
    await story.becomes(appointment, 'REFUNDED');
  });

  it('and is refused by the bank in the end leaves the money owed, and says so (PY-026)', async () => {
    const appointment = await story.captured({}, 'pm_card_refundFail');
    await story.cancel(appointment, 10_000);
    await story.becomes(appointment, 'REFUNDED');
    await app.control('/_sandbox/clock/advance', { seconds: 10 });
    await story.becomes(appointment, 'CAPTURED');
    expect(await story.told(appointment)).toEqual(['held', 'captured', 'refunded', 'refund-failed']);
    expect(await app.payment(appointment)).toMatchObject({ refundedAmountMinor: 0, refundPendingMinor: 0 });
  });
});

describe('refundPayment', () => {
  const key = (): string => randomUUID();
  let appointment: AppointmentState;
  let payment: Payment;
  let staff: Viewer;
  beforeEach(async () => {
    appointment = await story.captured();
    payment = await app.payment(appointment);
    staff = staffOf(appointment.practiceId);
  });

  it('gives a part back by decision of the practice (PY-021)', async () => {
    const outcome = await refund(staff, { paymentId: payment.id, amountMinor: 2_000, idempotencyKey: key() });
    expect(outcome).toMatchObject({ id: payment.id, refundPendingMinor: 2_000 });
    await settled(appointment);
    expect(await app.payment(appointment)).toMatchObject({
      status: 'PARTIALLY_REFUNDED',
      refundedAmountMinor: 2_000,
    });
    expect(
      await app.sql('select initiated_by, reason from refund where payment_id = ?', [payment.id]),
    ).toEqual([{ initiated_by: 'admin', reason: 'Kept waiting' }]);
  });

  it('gives it back once for a double click, and for 20 clicks at once (X-17)', async () => {
    const input = { paymentId: payment.id, amountMinor: 2_000, idempotencyKey: key() };
    await Promise.all(Array.from({ length: 20 }, () => refund(staff, input)));
    await settled(appointment);
    expect(await story.refunds(appointment)).toMatchObject([{ amount: 2_000 }]);
    await expect(refund(staff, { ...input, amountMinor: 3_000 })).rejects.toMatchObject({
      extensions: { code: 'IDEMPOTENCY_CONFLICT' },
    });
  });

  it('never gives back more than was captured, also when several ask at once (X-23)', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () =>
        refund(staff, { paymentId: payment.id, amountMinor: 5_000, idempotencyKey: key() }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome instanceof RefundExceedsPayment)).toHaveLength(3);
    await settled(appointment);
    expect(await app.payment(appointment)).toMatchObject({ refundedAmountMinor: 10_000 });
    const [refusal] = [
      await refund(staff, { paymentId: payment.id, amountMinor: 2_001, idempotencyKey: key() }),
    ];
    expect(refusal).toMatchObject({ code: 'REFUND_EXCEEDS_PAYMENT', refundableAmountMinor: 2_000 });
  });

  it('is refused while the money is only held, and changes nothing (X-16)', async () => {
    const waiting = await story.held();
    const { id, version } = await app.payment(waiting);
    const outcome = await refund(staff, { paymentId: id, amountMinor: 1, idempotencyKey: key() });
    expect(outcome).toBeInstanceOf(PaymentNotRefundable);
    expect(await app.payment(waiting)).toMatchObject({ status: 'HELD', version });
  });

  it('is all that is left or nothing while parts are switched off; a cancellation is not asked (PY-024)', async () => {
    const { providerId } = payment;
    const flag = (version: number, allowed: boolean) =>
      app.hear(
        featureFlagChanged.of({
          flag: 'payment.partial_refunds_enabled',
          version,
          value: null,
          providers: { [providerId]: allowed },
        }),
      );
    const give = (amountMinor: number) =>
      refund(staff, { paymentId: payment.id, amountMinor, idempotencyKey: key() });
    await flag(1, false);
    expect(await give(2_000)).toMatchObject({
      code: 'PARTIAL_REFUNDS_DISABLED',
      refundableAmountMinor: 12_000,
    });
    expect(await give(12_001)).toBeInstanceOf(RefundExceedsPayment);
    const cancelled = await story.captured({ providerId });
    await story.cancel(cancelled, 5_000);
    await story.becomes(cancelled, 'PARTIALLY_REFUNDED');
    await flag(2, true);
    expect(await give(2_000)).toMatchObject({ id: payment.id });
    await flag(3, false);
    expect(await give(10_000)).toMatchObject({ id: payment.id });
    await flag(4, true);
  });

  it('counts towards what a later cancellation gives back (Y-35)', async () => {
    await refund(staff, { paymentId: payment.id, amountMinor: 2_000, idempotencyKey: key() });
    await settled(appointment);
    await story.cancel(appointment, 5_000);
    await until(
      'the second refund',
      async () => (await app.payment(appointment)).refundedAmountMinor === 6_000,
    );
    expect((await story.refunds(appointment)).map(({ amount }) => amount).sort()).toEqual([2_000, 4_000]);
  });

  it('knows no payment of another practice, nor one that does not exist', async () => {
    const input = { paymentId: payment.id, amountMinor: 1, idempotencyKey: key() };
    expect(await refund(staffOf(randomUUID()), input)).toBeInstanceOf(PaymentNotFound);
    expect(await refund(staff, { ...input, paymentId: randomUUID() })).toBeInstanceOf(PaymentNotFound);
  });

  it('is forbidden to the patient and to the provider, who may see it', async () => {
    const seen = newAppointment();
    const input = { paymentId: payment.id, amountMinor: 1, idempotencyKey: key() };
    for (const account of [seen.accounts[0] ?? '', seen.providerAccount ?? '']) {
      const refused = refund({ ...systemViewer, account, memberships: [] }, input);
      await expect(refused).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } });
    }
  });

  it('wants an idempotency key', async () => {
    const refused = refund(staff, { paymentId: payment.id, amountMinor: 1 });
    await expect(refused).rejects.toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', fields: [{ field: 'idempotencyKey' }] },
    });
  });
});

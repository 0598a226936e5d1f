import fc from 'fast-check';
import { paymentStatuses } from '@caregraph/contracts';
import { PaymentAttempt, type AttemptOutcome } from './attempt.js';
import type { PaymentStatus } from './lifecycle.js';
import { nextStep } from './next-step.js';
import type { PaymentGoal } from './amounts.js';
import { Payment } from './payment.js';
import { PaymentNotRefundable, RefundExceedsPayment } from './payment.refusals.js';

const now = new Date('2026-12-01T12:00:00Z');
const heldUntil = new Date('2026-12-08T12:00:00Z');
const refundId = '7c1d2e3f-0000-4000-8000-000000000002';

function paymentOf(status: PaymentStatus, fields: Partial<Payment> = {}): Payment {
  const payment = new Payment();
  payment.id = '7c1d2e3f-0000-4000-8000-000000000001';
  payment.appointmentId = '5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0a01';
  payment.practiceId = '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a01';
  payment.amountMinor = 12_000;
  payment.currency = 'USD';
  payment.begin(now);
  return Object.assign(payment, { status }, fields);
}

const captured = (fields: Partial<Payment> = {}): Payment =>
  paymentOf('CAPTURED', { capturedAmountMinor: 12_000, ...fields });

function attemptOf(outcome: AttemptOutcome, fields: Partial<PaymentAttempt> = {}): PaymentAttempt {
  return Object.assign(new PaymentAttempt(), { number: 1, outcome, reference: 'pi_1', ...fields });
}

/** What each verb says: the event's type, without its app and version, or nothing. */
const said = (event: { type: string } | undefined): string =>
  event?.type.replace(/^payments\.payment-|\.v1$/g, '') ?? '-';

describe('a verb', () => {
  const verbs: Record<string, (payment: Payment) => { type: string } | undefined> = {
    requireAction: (payment) => payment.requireAction('sealed', now, now),
    hold: (payment) => payment.hold(heldUntil, now, now),
    fail: (payment) => payment.fail({ code: 'generic_decline', retryable: true }, now, now),
    capture: (payment) => payment.capture(12_000, now, now),
    failCapture: (payment) => payment.failCapture('card_declined', now, now),
    loseHold: (payment) => payment.loseHold(null, now, now),
    giveUp: (payment) => payment.giveUp(now),
    close: (payment) => payment.close('PATIENT', 10_000, now),
  };
  const expected: Record<string, Partial<Record<PaymentStatus, string>>> = {
    requireAction: { PENDING: 'action-required' },
    hold: { PENDING: 'held', ACTION_REQUIRED: 'held' },
    fail: { PENDING: 'failed', ACTION_REQUIRED: 'failed' },
    capture: { PENDING: 'captured', ACTION_REQUIRED: 'captured', HELD: 'captured' },
    failCapture: { HELD: 'capture-failed' },
    loseHold: { HELD: 'hold-lapsed' },
    giveUp: { PENDING: 'voided', ACTION_REQUIRED: 'voided' },
    close: { PENDING: 'voided', ACTION_REQUIRED: 'voided', FAILED: 'voided' },
  };
  const cases = Object.keys(verbs).flatMap((verb) =>
    paymentStatuses.map((status) => [verb, status, expected[verb]?.[status] ?? '-'] as const),
  );

  it.each(cases)('%s of a payment that is %s says %s (PY-002)', (verb, status, event) => {
    const payment = paymentOf(status);
    expect(said(verbs[verb]?.(payment))).toBe(event);
    if (event !== '-') expect(payment.version).toBe(2);
    if (event === '-') expect(payment.status).toBe(status);
  });
});

describe('a hold that is lost', () => {
  it('before the appointment is confirmed cannot be captured any more: booking is told (Y-33)', () => {
    const payment = paymentOf('CANCELLED');
    expect(said(payment.askCapture(now))).toBe('capture-failed');
    expect(payment.status).toBe('FAILED');
    expect(said(payment.askCapture(now))).toBe('-');
  });

  it('was wanted to be, once the appointment is off: voided (PY-011)', () => {
    const payment = paymentOf('HELD', { goal: 'CLOSE', refundBasisPoints: 10_000 });
    expect(said(payment.loseHold(null, now, now))).toBe('voided');
    expect(payment.status).toBe('CANCELLED');
    expect(payment.platformFeeReturnedMinor).toBe(1_350);
  });

  it('makes the capture fail that was still to come (Y-33)', () => {
    const payment = paymentOf('HELD', { goal: 'CAPTURE' });
    const event = payment.loseHold(null, now, now);
    expect(said(event)).toBe('capture-failed');
    expect(event?.data).toMatchObject({ failureCode: 'hold_lapsed', status: 'FAILED' });
  });
});

describe('what is asked of the processor next', () => {
  const step = (
    status: PaymentStatus,
    goal: PaymentGoal,
    outcome: AttemptOutcome,
    fields: Partial<Payment> = {},
  ) => nextStep(paymentOf(status, { goal, ...fields }), attemptOf(outcome));

  it('is a hold for a new payment, and nothing while the payer is asked', () => {
    expect(step('PENDING', 'HOLD', 'PENDING')).toEqual({ kind: 'HOLD' });
    expect(step('ACTION_REQUIRED', 'HOLD', 'ACTION_REQUIRED')).toEqual({ kind: 'NOTHING' });
  });

  it('is nothing for a hold until booking answers, and a capture of all once it is confirmed (Y-33)', () => {
    expect(step('HELD', 'HOLD', 'HELD')).toEqual({ kind: 'NOTHING' });
    expect(step('HELD', 'CAPTURE', 'HELD')).toEqual({ kind: 'CAPTURE', amountMinor: 12_000 });
  });

  it('is, for a hold that is off, to void it, or to capture only what the practice keeps (X-16)', () => {
    const off = { closeCause: 'PATIENT' as const };
    expect(step('HELD', 'CLOSE', 'HELD', { ...off, refundBasisPoints: 10_000 })).toEqual({
      kind: 'VOID',
      cause: 'PATIENT',
    });
    expect(step('HELD', 'CLOSE', 'HELD', { ...off, refundBasisPoints: 7_500 })).toEqual({
      kind: 'CAPTURE',
      amountMinor: 3_000,
    });
    expect(step('HELD', 'CLOSE', 'HELD', { ...off, refundBasisPoints: 0 })).toEqual({
      kind: 'CAPTURE',
      amountMinor: 12_000,
    });
  });

  it('is to void a success that came after the payment was given up, as PAYMENT_LATE (Y-28)', () => {
    const closeCause = 'PAYMENT_FAILED';
    expect(step('FAILED', 'CLOSE', 'HELD', { closeCause })).toEqual({ kind: 'VOID', cause: 'PAYMENT_LATE' });
    expect(nextStep(paymentOf('HELD', { attempt: 2 }), attemptOf('HELD'))).toEqual({
      kind: 'VOID',
      cause: 'PAYMENT_LATE',
    });
  });

  it('is to void a declined order, so that nobody can approve it later', () => {
    expect(step('FAILED', 'HOLD', 'FAILED')).toEqual({ kind: 'VOID', cause: 'PAYMENT_DECLINED' });
    expect(nextStep(paymentOf('FAILED'), attemptOf('FAILED', { reference: null }))).toEqual({
      kind: 'NOTHING',
    });
  });

  it.each(['CAPTURED', 'VOIDED'] as const)('is nothing for an attempt that is %s', (outcome) => {
    for (const status of paymentStatuses) expect(step(status, 'CLOSE', outcome)).toEqual({ kind: 'NOTHING' });
  });
});

describe('a refund', () => {
  it('of a cancelled appointment is what was captured, less what the practice keeps (Y-35)', () => {
    expect(captured({ goal: 'CLOSE', refundBasisPoints: 5_000 }).refundDueMinor).toBe(6_000);
    expect(captured({ goal: 'CLOSE', refundBasisPoints: 10_000 }).refundDueMinor).toBe(12_000);
    expect(captured({ goal: 'CLOSE', refundBasisPoints: 0 }).refundDueMinor).toBe(0);
    expect(captured({ goal: 'CAPTURE' }).refundDueMinor).toBe(0);
  });

  it('of a cancelled appointment is nothing where only the fee part was captured (X-16)', () => {
    const payment = paymentOf('CAPTURED', {
      goal: 'CLOSE',
      refundBasisPoints: 5_000,
      capturedAmountMinor: 6_000,
    });
    expect(payment.refundDueMinor).toBe(0);
  });

  it('of a cancelled appointment counts what went back before', () => {
    const before = {
      goal: 'CLOSE',
      refundBasisPoints: 5_000,
      refundedAmountMinor: 2_000,
      refundPendingMinor: 1_000,
    } as const;
    expect(captured(before).refundDueMinor).toBe(3_000);
    expect(captured({ ...before, refundedAmountMinor: 11_000 }).refundDueMinor).toBe(0);
  });

  it.each(paymentStatuses.filter((status) => status !== 'CAPTURED' && status !== 'PARTIALLY_REFUNDED'))(
    'is refused for a payment that is %s (PY-021)',
    (status) => {
      const payment = paymentOf(status);
      expect(payment.reserveRefund(1, now)).toBeInstanceOf(PaymentNotRefundable);
      expect(payment.refundPendingMinor).toBe(0);
    },
  );

  it('is refused beyond what was captured and is not on its way back (X-23)', () => {
    const payment = captured({ refundedAmountMinor: 2_000, refundPendingMinor: 3_000 });
    const refusal = payment.reserveRefund(7_001, now);
    expect(refusal).toBeInstanceOf(RefundExceedsPayment);
    expect(refusal).toMatchObject({ refundableAmountMinor: 7_000 });
    expect(payment.reserveRefund(7_000, now)).toBeUndefined();
  });

  it('returns the platform fee in proportion, and money adds up whatever the order (Y-13)', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(amounts, fc.infiniteStream(fc.boolean()), (refunds, settles) => {
        const payment = captured();
        for (const amountMinor of refunds) {
          if (payment.reserveRefund(amountMinor, now)) continue;
          const settled = settles.next().value as boolean;
          if (settled) payment.settleRefund(refundId, amountMinor, now, now);
          else payment.failRefund({ id: refundId, amountMinor, wasSettled: false }, null, now, now);
        }
        const { refundedAmountMinor: back, capturedAmountMinor: all } = payment;
        expect(payment.refundPendingMinor).toBe(0);
        expect(back).toBeLessThanOrEqual(all);
        expect(payment.status).toBe(
          back === 0 ? 'CAPTURED' : back === all ? 'REFUNDED' : 'PARTIALLY_REFUNDED',
        );
        expect(Math.abs(payment.platformFeeReturnedMinor - (1_350 * back) / 12_000)).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  it('that the bank takes back after it had settled is owed again (PY-026)', () => {
    const payment = captured();
    payment.reserveRefund(12_000, now);
    payment.settleRefund(refundId, 12_000, now, now);
    expect([payment.status, payment.platformFeeReturnedMinor]).toEqual(['REFUNDED', 1_350]);
    const event = payment.failRefund(
      { id: refundId, amountMinor: 12_000, wasSettled: true },
      'expired_or_canceled_card',
      now,
      now,
    );
    expect(event.type).toBe('payments.payment-refund-failed.v1');
    expect([payment.status, payment.refundableMinor, payment.platformFeeReturnedMinor]).toEqual([
      'CAPTURED',
      12_000,
      0,
    ]);
  });
});

describe('another card', () => {
  it.each(paymentStatuses)(
    'is tried for a payment that is %s only where nothing is held or taken',
    (status) => {
      expect(paymentOf(status).tryAgain(2, false, now)).toBe(status === 'FAILED' || status === 'CANCELLED');
    },
  );

  it('is not tried twice for the same attempt, and captures at once where the appointment stands', () => {
    const payment = paymentOf('FAILED', {
      closeCause: 'PAYMENT_FAILED',
      goal: 'CLOSE',
      failureCode: 'generic_decline',
    });
    expect(payment.tryAgain(2, true, now)).toBe(true);
    expect(payment).toMatchObject({
      status: 'PENDING',
      attempt: 2,
      goal: 'CAPTURE',
      closeCause: null,
      failureCode: null,
    });
    payment.status = 'FAILED';
    expect(payment.tryAgain(2, true, now)).toBe(false);
  });
});

describe('news of an attempt', () => {
  it('only moves it forward, in whatever order it comes', () => {
    const order: AttemptOutcome[] = ['PENDING', 'ACTION_REQUIRED', 'FAILED', 'HELD', 'CAPTURED'];
    fc.assert(
      fc.property(fc.shuffledSubarray(order, { minLength: 1 }), (news) => {
        const attempt = attemptOf('PENDING');
        for (const outcome of news) attempt.learn(outcome, 'pi_1', now);
        expect(attempt.outcome).toBe(order[Math.max(...news.map((outcome) => order.indexOf(outcome)))]);
      }),
    );
  });

  it('that ended it stays, whatever is heard later', () => {
    const attempt = attemptOf('VOIDED');
    for (const outcome of ['HELD', 'CAPTURED', 'ACTION_REQUIRED'] as const)
      expect(attempt.learn(outcome, 'pi_1', now)).toBe(false);
    expect(attempt.outcome).toBe('VOIDED');
  });
});

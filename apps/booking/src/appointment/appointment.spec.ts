import { appointmentStatuses, Refusal, type AppointmentStatus } from '@caregraph/contracts';
import type { Actor } from './actor.js';
import { Appointment } from './appointment.js';
import { lifecycle } from './lifecycle.js';

const now = new Date('2026-12-01T12:00:00Z');
const hours = (count: number): Date => new Date(now.getTime() + count * 3_600_000);
const patient: Actor = { type: 'patient', sub: 'pat' };
const provider: Actor = { type: 'provider', sub: 'dr-reyes' };
const admin: Actor = { type: 'admin', sub: 'ada' };
const id = (last: number): string => `5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0a0${last}`;
const elsewhere = { start: hours(72), end: hours(72.75), locationId: id(7), resourceIds: [id(8)] };

const appointmentIn = (status: AppointmentStatus, over: Partial<Appointment> = {}): Appointment =>
  Object.assign(new Appointment(), {
    id: id(1),
    practiceId: id(2),
    bookingNumber: 'CG-20261203-A7B3C',
    mode: 'REQUEST',
    modeReason: 'NO_CALENDAR',
    patientId: id(3),
    accounts: ['pat'],
    patientTimeZone: 'America/New_York',
    providerId: id(4),
    providerAccount: 'dr-reyes',
    providerTimeZone: 'America/New_York',
    locationId: id(5),
    resourceIds: [],
    appointmentTypeId: id(6),
    appointmentTypeName: 'First visit',
    priceAmountMinor: 12_000,
    priceCurrency: 'USD',
    paymentMode: 'HOLD',
    durationMinutes: 45,
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 15,
    requestedStart: hours(48),
    requestedEnd: hours(48.75),
    start: hours(48),
    end: hours(48.75),
    cancellationPolicy: { kind: 'TIERS', noticeHours: 24, feePercent: 0 },
    allowCancellation: true,
    allowReschedule: true,
    maxRescheduleAttempts: 2,
    rescheduleNoticeHours: 24,
    confirmationDeadlineHours: 24,
    paymentTimeoutMinutes: 15,
    patientNotes: null,
    status,
    version: 3,
    paymentHeldAt: status === 'PENDING_PAYMENT' ? null : hours(-1),
    paymentHeldUntil: hours(160),
    paymentFailedAt: status === 'PAYMENT_FAILED' ? hours(-1) : null,
    confirmationDeadlineAt: status === 'PENDING_CONFIRMATION' ? hours(1) : null,
    createdAt: hours(-2),
    updatedAt: hours(-2),
    ...over,
  } satisfies Partial<Appointment>);

describe('every verb in every status', () => {
  // Written by hand, and not from the table that it checks.
  const expected: Record<
    string,
    { act: (one: Appointment) => unknown; to: Partial<Record<AppointmentStatus, AppointmentStatus>> }
  > = {
    'hold the payment': {
      act: (one) => one.holdPayment(hours(160), false, provider, now),
      to: { PENDING_PAYMENT: 'PENDING_CONFIRMATION' },
    },
    'fail the payment': {
      act: (one) => one.failPayment(provider, now),
      to: { PENDING_PAYMENT: 'PAYMENT_FAILED' },
    },
    'retry the payment': {
      act: (one) => one.retryPayment('pm_x', patient, now),
      to: { PAYMENT_FAILED: 'PENDING_PAYMENT' },
    },
    confirm: { act: (one) => one.confirm(provider, now), to: { PENDING_CONFIRMATION: 'CONFIRMED' } },
    decline: {
      act: (one) => one.decline(provider, null, now),
      to: { PENDING_CONFIRMATION: 'CANCELLED_PROVIDER' },
    },
    'cancel as the patient': {
      act: (one) => one.cancel(patient, null, now),
      to: {
        PENDING_PAYMENT: 'CANCELLED_PATIENT',
        PENDING_CONFIRMATION: 'CANCELLED_PATIENT',
        CONFIRMED: 'CANCELLED_PATIENT',
        PAYMENT_FAILED: 'CANCELLED_PATIENT',
      },
    },
    'cancel as the provider': {
      act: (one) => one.cancel(provider, null, now),
      to: {
        PENDING_PAYMENT: 'CANCELLED_PROVIDER',
        PENDING_CONFIRMATION: 'CANCELLED_PROVIDER',
        CONFIRMED: 'CANCELLED_PROVIDER',
      },
    },
    'cancel as an admin': {
      act: (one) => one.cancel(admin, null, now),
      to: {
        PENDING_PAYMENT: 'CANCELLED_ADMIN',
        PENDING_CONFIRMATION: 'CANCELLED_ADMIN',
        CONFIRMED: 'CANCELLED_ADMIN',
        PAYMENT_FAILED: 'CANCELLED_ADMIN',
      },
    },
    reschedule: {
      act: (one) => one.reschedule(elsewhere, null, patient, now),
      to: { CONFIRMED: 'CONFIRMED' },
    },
    'expire at the deadline': {
      act: (one) => one.expire(provider, hours(24)),
      to: { PENDING_CONFIRMATION: 'EXPIRED', PAYMENT_FAILED: 'EXPIRED' },
    },
  };

  for (const [verb, { act, to }] of Object.entries(expected)) {
    for (const status of appointmentStatuses) {
      const target = to[status];
      it(`${verb}: ${status} ${target ? `becomes ${target}` : 'stays as it is'}`, () => {
        const one = appointmentIn(status);
        const outcome = act(one);
        expect(one.status).toBe(target ?? status);
        expect(one.version).toBe(target ? 4 : 3);
        if (target) expect(outcome).toMatchObject({ key: one.id, data: { status: target, version: 4 } });
        else expect(outcome === undefined || outcome instanceof Refusal).toBe(true);
      });
    }
  }

  it('leads nowhere from a terminal status (BK-039)', () => {
    const terminal: AppointmentStatus[] = [
      'COMPLETED',
      'CANCELLED_PATIENT',
      'CANCELLED_PROVIDER',
      'CANCELLED_ADMIN',
      'EXPIRED',
      'NO_SHOW',
    ];
    const left = Object.values(lifecycle).flatMap(({ from }) => from as readonly AppointmentStatus[]);
    expect(left.filter((status) => terminal.includes(status))).toEqual([]);
  });
});

describe('an instant booking whose money is held', () => {
  const instant = (): Appointment =>
    appointmentIn('PENDING_PAYMENT', { mode: 'INSTANT', modeReason: 'CALENDAR_CONNECTED' });

  it('is confirmed at once where there is no calendar to ask (BK-057)', () => {
    const one = instant();
    expect(one.holdPayment(hours(160), false, provider, now)).toMatchObject({
      type: 'booking.appointment-confirmed.v1',
    });
    expect(one.confirmedAt).toEqual(now);
  });

  it('asks a connected calendar first, and waits for the answer (Y-32)', () => {
    const one = instant();
    expect(one.holdPayment(hours(160), true, provider, now)).toMatchObject({
      type: 'booking.appointment-verification-requested.v1',
      data: { answerBy: '2026-12-01T12:00:10.000Z' },
    });
    expect(one.status).toBe('PENDING_PAYMENT');
    expect(one.verifyTime(provider, now)).toMatchObject({ data: { status: 'CONFIRMED' } });
  });

  it('becomes a request when the calendar is stale or silent (Y-32)', () => {
    const one = instant();
    one.holdPayment(hours(160), true, provider, now);
    expect(one.doubtTime('CALENDAR_STALE', provider, now)).toMatchObject({
      data: { status: 'PENDING_CONFIRMATION', mode: 'REQUEST', modeReason: 'CALENDAR_STALE' },
    });
    expect(one.verifyTime(provider, now)).toBeUndefined();
  });

  it('is called off with all money back when the calendar is busy (Y-32)', () => {
    const one = instant();
    one.holdPayment(hours(160), true, provider, now);
    expect(one.conflictTime(provider, now)).toMatchObject({
      data: { status: 'CANCELLED_PROVIDER', cause: 'CALENDAR_CONFLICT', refundBasisPoints: 10_000 },
    });
  });

  it('does not listen to a calendar before the money is held', () => {
    expect(instant().verifyTime(provider, now)).toBeUndefined();
  });
});

describe('a request', () => {
  it('is refused a yes at the deadline itself, whether or not the expiry job has run', () => {
    expect(appointmentIn('PENDING_CONFIRMATION').confirm(provider, hours(1))).toMatchObject({
      code: 'CONFIRMATION_DEADLINE_PASSED',
    });
  });

  it('is refused a yes once the hold has lapsed (Y-34)', () => {
    const one = appointmentIn('PENDING_CONFIRMATION', { paymentHeldUntil: now });
    expect(one.confirm(provider, now)).toMatchObject({ code: 'PAYMENT_HOLD_LAPSED' });
  });

  it('needs no hold where nothing is due (Y-33)', () => {
    const one = appointmentIn('PENDING_CONFIRMATION', { paymentMode: 'AT_VISIT', paymentHeldUntil: null });
    expect(one.confirm(provider, now)).toMatchObject({ data: { status: 'CONFIRMED' } });
  });

  it('does not expire a millisecond early', () => {
    const one = appointmentIn('PENDING_CONFIRMATION');
    expect(one.expire(provider, new Date(hours(1).getTime() - 1))).toBeUndefined();
    expect(one.expire(provider, hours(1))).toMatchObject({
      data: { cause: 'PROVIDER_DID_NOT_ANSWER', refundBasisPoints: 10_000 },
    });
  });
});

describe('calling off', () => {
  it('is refused once the appointment has begun (X-20)', () => {
    expect(appointmentIn('CONFIRMED', { start: now }).cancel(patient, null, now)).toMatchObject({
      code: 'APPOINTMENT_NOT_CANCELLABLE',
    });
  });

  it('is refused to the patient only where the provider does not allow it (Y-22)', () => {
    const strict = { allowCancellation: false };
    expect(appointmentIn('CONFIRMED', strict).cancel(patient, null, now)).toMatchObject({
      code: 'CANCELLATION_NOT_ALLOWED',
    });
    expect(appointmentIn('CONFIRMED', strict).cancel(provider, null, now)).toMatchObject({
      data: { refundBasisPoints: 10_000 },
    });
  });

  it('tells the share and the cause, and never the reason', () => {
    const event = appointmentIn('CONFIRMED', { start: hours(23) }).cancel(patient, 'a private reason', now);
    expect(event).toMatchObject({
      data: { cause: 'PATIENT', refundBasisPoints: 5_000, status: 'CANCELLED_PATIENT' },
    });
    expect(JSON.stringify(event)).not.toContain('private reason');
  });
});

describe('moving', () => {
  const move = (over: Partial<Appointment>, at = now): unknown =>
    appointmentIn('CONFIRMED', over).reschedule(elsewhere, null, patient, at);

  it('is the patient’s up to the notice, inclusive, and not a millisecond later (BK-065, Y-03)', () => {
    const atNotice = hours(24);
    expect(move({}, atNotice)).toMatchObject({ type: 'booking.appointment-rescheduled.v1' });
    expect(move({}, new Date(atNotice.getTime() + 1))).toMatchObject({
      code: 'RESCHEDULE_NOTICE_PASSED',
      noticeHours: 24,
    });
    expect(move({ rescheduleNoticeHours: 1 }, hours(47))).toMatchObject({ data: { status: 'CONFIRMED' } });
  });

  it('is refused where the provider does not allow it (BK-065)', () => {
    expect(move({ allowReschedule: false })).toMatchObject({ code: 'RESCHEDULE_NOT_ALLOWED' });
  });

  it('is refused once the appointment has begun, however short the notice', () => {
    expect(move({ rescheduleNoticeHours: 0 }, hours(48))).toMatchObject({
      code: 'APPOINTMENT_NOT_RESCHEDULABLE',
      status: 'CONFIRMED',
    });
  });

  it('is refused at the maximum, which the refusal names, and not one before (BK-065, BK-083, BK-084)', () => {
    expect(move({ maxRescheduleAttempts: 3, rescheduleCount: 2 })).toMatchObject({ data: { version: 4 } });
    expect(move({ maxRescheduleAttempts: 3, rescheduleCount: 3 })).toMatchObject({
      code: 'RESCHEDULE_LIMIT_REACHED',
      message: expect.stringContaining('Maximum reschedule attempts reached') as string,
      maxAttempts: 3,
    });
  });

  it('keeps the length it was booked for (X-19)', () => {
    const { start, locationId } = elsewhere;
    const at = appointmentIn('CONFIRMED', { durationMinutes: 20 }).placeAt({
      start,
      locationId,
      resourceIds: [],
    });
    expect(at).toMatchObject({ start, end: new Date(start.getTime() + 20 * 60_000) });
  });

  it('changes time, place and count, tells the time before, and never the reason (BK-085)', () => {
    const one = appointmentIn('CONFIRMED');
    const event = one.reschedule(elsewhere, 'a private reason', patient, now);
    const { start, end } = elsewhere;
    expect(one).toMatchObject({ ...elsewhere, requestedStart: start, requestedEnd: end, rescheduleCount: 1 });
    expect(event).toMatchObject({
      data: {
        start: start.toISOString(),
        end: end.toISOString(),
        previousStart: hours(48).toISOString(),
        previousEnd: hours(48.75).toISOString(),
        locationId: elsewhere.locationId,
        price: { amountMinor: 12_000, currency: 'USD' },
      },
    });
    expect(JSON.stringify(event)).not.toContain('private reason');
  });
});

// The appointment between payments, the calendar, the provider and the clock: what each event and each deadline does.
import { Refusal } from '@caregraph/contracts';
import { AuditEntry } from '../audit/audit-entry.js';
import { KnownCalendar } from '../catalogue/known.js';
import { BookingBed } from '../testing/booking-bed.js';
import { exampleOf } from '../testing/examples.js';
import { Appointment } from './appointment.js';
import { cancelAppointment } from './cancel-appointment.js';
import { confirmAppointment } from './confirm-appointment.js';
import { declineAppointment } from './decline-appointment.js';
import { doubtSilentCalendar, expireOverdue, giveUpUnpaid, overdueAppointments } from './end-appointment.js';
import { retryAppointmentPayment } from './retry-payment.js';

describe('the saga of an appointment', () => {
  let bed: BookingBed;
  beforeAll(async () => {
    bed = await BookingBed.open();
  });
  beforeEach(async () => {
    await bed.fresh();
  });
  afterAll(() => bed.close());

  const payment = (type: string, { id }: Appointment, over: object = {}): Promise<void> =>
    bed.deliver(
      exampleOf(`payments.payment-${type}.v1`, {
        appointmentId: id,
        heldUntil: bed.at(168).toISOString(),
        ...over,
      }),
    );
  const stored = ({ id }: Appointment): Promise<Appointment> => bed.em().findOneOrFail(Appointment, id);
  const lastEvent = async (): Promise<string | undefined> =>
    (await bed.published()).filter(({ type }) => type.includes('appointment-')).at(-1)?.type;
  const claims = async (one: Appointment): Promise<number> => (await bed.claimsOf(one)).length;
  const awaiting = async (): Promise<Appointment> => {
    const booked = await bed.booked();
    await payment('held', booked);
    return stored(booked);
  };
  const askingCalendar = async (): Promise<Appointment> => {
    const em = bed.em();
    const { providerId: id, practiceId } = bed;
    await em.persist(em.create(KnownCalendar, { id, practiceId, version: 1, state: 'CONNECTED' })).flush();
    const booked = await bed.booked({ expectedMode: 'INSTANT' });
    await payment('held', booked);
    return stored(booked);
  };

  it('asks the provider once the money is held, with a deadline (BK-058, BK-061)', async () => {
    const request = await awaiting();
    expect(request).toMatchObject({
      status: 'PENDING_CONFIRMATION',
      confirmationDeadlineAt: bed.at(24),
      paymentHeldAt: bed.now,
    });
    expect(await lastEvent()).toBe('booking.appointment-awaiting-provider.v1');
  });

  it('changes nothing when the same payment is held twice', async () => {
    const request = await awaiting();
    await payment('held', request);
    expect((await stored(request)).version).toBe(request.version);
  });

  it('confirms an instant booking when the money is held (BK-057)', async () => {
    expect(await bed.confirmed()).toMatchObject({
      status: 'CONFIRMED',
      modeReason: 'PROVIDER_SETTING',
      paymentDeadlineAt: expect.any(Date) as Date,
    });
  });

  it('asks a connected calendar, and confirms on its yes to this very version', async () => {
    const one = await askingCalendar();
    expect(await lastEvent()).toBe('booking.appointment-verification-requested.v1');
    const answer = (version: number) =>
      bed.deliver(
        exampleOf('calendar-sync.appointment-time-verified.v1', { appointmentId: one.id, version }),
      );
    await answer(one.version - 1);
    expect(await stored(one)).toMatchObject({ status: 'PENDING_PAYMENT' });
    await answer(one.version);
    expect(await stored(one)).toMatchObject({ status: 'CONFIRMED' });
  });

  it('calls off and frees the time when the calendar is busy (Y-32)', async () => {
    const one = await askingCalendar();
    await bed.deliver(
      exampleOf('calendar-sync.appointment-time-conflicted.v1', {
        appointmentId: one.id,
        version: one.version,
      }),
    );
    expect(await stored(one)).toMatchObject({ status: 'CANCELLED_PROVIDER', refundBasisPoints: 10_000 });
    expect(await claims(one)).toBe(0);
  });

  it('lets the provider decide when the calendar is silent (Y-32)', async () => {
    const one = await askingCalendar();
    await doubtSilentCalendar(bed.asSystem(), one.id);
    expect(await stored(one)).toMatchObject({
      status: 'PENDING_CONFIRMATION',
      mode: 'REQUEST',
      modeReason: 'CALENDAR_SILENT',
    });
    expect(await claims(one)).toBe(1);
  });

  it('is confirmed by its provider, and by nobody who only comes to see him (BK-068)', async () => {
    const request = await awaiting();
    const input = { appointmentId: request.id };
    await expect(confirmAppointment(bed.as('pat'), input)).rejects.toMatchObject({
      extensions: { code: 'FORBIDDEN' },
    });
    expect(await confirmAppointment(bed.as('sam'), input)).toMatchObject({ code: 'APPOINTMENT_NOT_FOUND' });
    expect(await confirmAppointment(bed.asProvider(), input)).toMatchObject({
      status: 'CONFIRMED',
      confirmedAt: bed.now,
    });
    expect(await lastEvent()).toBe('booking.appointment-confirmed.v1');
    expect(await confirmAppointment(bed.asProvider(), input)).toMatchObject({
      code: 'APPOINTMENT_NOT_CONFIRMABLE',
    });
  });

  it('is declined by its provider: the time is free, the reason stays here (BK-069)', async () => {
    const request = await awaiting();
    const outcome = await declineAppointment(bed.asStaff(), {
      appointmentId: request.id,
      reason: 'on leave that day',
    });
    expect(outcome).toMatchObject({ status: 'CANCELLED_PROVIDER', cancellationReason: 'on leave that day' });
    expect(await claims(request)).toBe(0);
    expect(JSON.stringify(await bed.published())).not.toContain('on leave');
  });

  it('expires at the deadline, not a second before, and frees the time (BK-074)', async () => {
    const request = await awaiting();
    bed.later(24 * 60 - 1 / 60);
    await expireOverdue(bed.asSystem(), request.id);
    expect(await stored(request)).toMatchObject({ status: 'PENDING_CONFIRMATION' });
    bed.later(1 / 60);
    expect((await overdueAppointments(bed.em(), bed.now)).expired).toContain(request.id);
    await expireOverdue(bed.asSystem(), request.id);
    expect(await stored(request)).toMatchObject({ status: 'EXPIRED' });
    expect(await claims(request)).toBe(0);
  });

  it('lets one of a confirm and an expiry win at the deadline, cleanly (X-15)', async () => {
    const request = await awaiting();
    const provider = bed.asProvider();
    bed.later(24 * 60);
    const [confirmed] = await Promise.all([
      confirmAppointment(provider, { appointmentId: request.id }),
      expireOverdue(bed.asSystem(), request.id),
    ]);
    const end = await stored(request);
    expect(end.status).toBe(confirmed instanceof Refusal ? 'EXPIRED' : 'CONFIRMED');
    const trail = await bed
      .em()
      .find(AuditEntry, { appointmentId: request.id, type: { $in: ['confirmed', 'expired'] } });
    expect(trail.filter(({ type }) => type === 'confirmed' || type === 'expired')).not.toHaveLength(2);
  });

  it('gives its time up when it is not paid in time, and takes it anew with another card (Y-28, BK-040, BK-153)', async () => {
    const booked = await bed.booked();
    bed.later(15);
    await giveUpUnpaid(bed.asSystem(), booked.id);
    expect(await stored(booked)).toMatchObject({ status: 'PAYMENT_FAILED' });
    expect(await claims(booked)).toBe(0);
    const retried = await retryAppointmentPayment(bed.as('pat'), {
      appointmentId: booked.id,
      paymentMethodId: 'pm_card_mastercard',
    });
    expect(retried).toMatchObject({
      status: 'PENDING_PAYMENT',
      paymentAttempts: 2,
      paymentDeadlineAt: bed.at(0.25),
    });
    expect(await claims(booked)).toBe(1);
    expect(await lastEvent()).toBe('booking.appointment-payment-requested.v1');
  });

  it('does not take late news of the first card for news of the second (BY-021)', async () => {
    const booked = await bed.booked();
    await payment('failed', booked);
    await retryAppointmentPayment(bed.as('pat'), {
      appointmentId: booked.id,
      paymentMethodId: 'pm_card_mastercard',
    });
    await payment('failed', booked, { attempt: 1 });
    await payment('held', booked, { attempt: 1 });
    expect(await stored(booked)).toMatchObject({ status: 'PENDING_PAYMENT', paymentHeldAt: null });
    await payment('held', booked, { attempt: 2 });
    expect(await stored(booked)).toMatchObject({ status: 'PENDING_CONFIRMATION' });
  });

  it('is refused another card when somebody took the time meanwhile, and stays as it was (Y-28)', async () => {
    const booked = await bed.booked();
    await payment('failed', booked);
    await bed.booked({}, 'sam');
    const retried = await retryAppointmentPayment(bed.as('pat'), {
      appointmentId: booked.id,
      paymentMethodId: 'pm_card_visa',
    });
    expect(retried).toMatchObject({ code: 'SLOT_TAKEN' });
    expect(await stored(booked)).toMatchObject({ status: 'PAYMENT_FAILED', paymentAttempts: 1 });
  });

  it('expires 24 hours after a failed payment that nobody tried again (Y-28)', async () => {
    const booked = await bed.booked();
    await payment('failed', booked);
    bed.later(24 * 60);
    await expireOverdue(bed.asSystem(), booked.id);
    expect(await stored(booked)).toMatchObject({ status: 'EXPIRED' });
  });

  it.each([
    ['payments.payment-captured.v1', 'payment_captured'],
    ['payments.payment-voided.v1', 'payment_voided'],
    ['payments.payment-refunded.v1', 'payment_refunded'],
    ['calendar-sync.calendar-event-created.v1', 'calendar_event_created'],
    ['calendar-sync.calendar-event-updated.v1', 'calendar_event_updated'],
    ['calendar-sync.calendar-event-deleted.v1', 'calendar_event_deleted'],
    ['calendar-sync.calendar-event-failed.v1', 'calendar_sync_failed'],
    ['notifications.notification-sent.v1', 'notification_sent'],
    ['notifications.notification-failed.v1', 'notification_failed'],
  ])('notes %s as %s, with a new version for who watches (BK-103, BK-106, BK-107)', async (type, noted) => {
    const one = await bed.confirmed();
    await bed.deliver(exampleOf(type, { appointmentId: one.id }));
    expect(await stored(one)).toMatchObject({ version: one.version + 1, status: 'CONFIRMED' });
    const trail = await bed.em().find(AuditEntry, { appointmentId: one.id }, { orderBy: { seq: 'asc' } });
    expect(trail.at(-1)).toMatchObject({ type: noted, previousStatus: 'CONFIRMED', actorType: 'system' });
    expect(await lastEvent()).toBe('booking.appointment-updated.v1');
  });

  describe('whose money could not be taken', () => {
    const failed = async (): Promise<Appointment> => {
      const one = await bed.confirmed();
      await payment('capture-failed', one);
      return stored(one);
    };

    it('stays confirmed, and another card is due within 12 hours, an hour before the start at the latest (Y-33)', async () => {
      expect(await failed()).toMatchObject({ status: 'CONFIRMED', paymentDueAt: bed.at(12) });
    });

    it('may be paid with another card, and nothing is due any more when that was captured (Y-33)', async () => {
      const { id } = await failed();
      const retried = await retryAppointmentPayment(bed.as('pat'), {
        appointmentId: id,
        paymentMethodId: 'pm_card_mastercard',
      });
      expect(retried).toMatchObject({ status: 'CONFIRMED', paymentAttempts: 2 });
      expect(await lastEvent()).toBe('booking.appointment-payment-requested.v1');
      await payment('captured', retried as Appointment, { attempt: 2 });
      expect(await stored(retried as Appointment)).toMatchObject({ status: 'CONFIRMED', paymentDueAt: null });
    });

    it('is called off by the system when nobody pays, and its time is free (Y-33)', async () => {
      const one = await failed();
      bed.later(12 * 60 - 1);
      await giveUpUnpaid(bed.asSystem(), one.id);
      expect(await stored(one)).toMatchObject({ status: 'CONFIRMED' });
      bed.later(1);
      expect((await overdueAppointments(bed.em(), bed.now)).unpaid).toContain(one.id);
      await giveUpUnpaid(bed.asSystem(), one.id);
      expect(await stored(one)).toMatchObject({ status: 'CANCELLED_ADMIN' });
      const [event] = await bed.published('booking.appointment-cancelled.v1');
      expect(event?.data).toMatchObject({ cause: 'PAYMENT_UNPAID', actor: { type: 'system' } });
    });
  });

  it.each(['voided', 'hold-lapsed'])(
    'is refused a yes after its hold was %s, whatever its time was (Y-34)',
    async (end) => {
      const request = await awaiting();
      await payment(end, request);
      expect(await confirmAppointment(bed.asProvider(), { appointmentId: request.id })).toMatchObject({
        code: 'PAYMENT_HOLD_LAPSED',
      });
    },
  );

  it('costs nothing when the patient calls it off before it was ever confirmed, however late', async () => {
    const request = await awaiting();
    bed.later(23 * 60);
    const outcome = await cancelAppointment(bed.as('pat'), { appointmentId: request.id });
    expect(outcome).toMatchObject({ status: 'CANCELLED_PATIENT', refundBasisPoints: 10_000 });
  });

  describe('called off', () => {
    it('by the patient 23 hours before gives half back (BK-077, BK-078)', async () => {
      const one = await bed.confirmed();
      bed.later(25 * 60);
      const outcome = await cancelAppointment(bed.as('pat'), { appointmentId: one.id, reason: 'a cold' });
      expect(outcome).toMatchObject({ status: 'CANCELLED_PATIENT', refundBasisPoints: 5_000 });
      expect(await claims(one)).toBe(0);
      const [event] = await bed.published('booking.appointment-cancelled.v1');
      expect(event?.data).toMatchObject({ cause: 'PATIENT', refundBasisPoints: 5_000 });
    });

    it('by the practice gives all back, and the actor is whom the token names (BK-043, X-18)', async () => {
      const one = await bed.confirmed();
      bed.later(47 * 60);
      const outcome = await cancelAppointment(bed.asStaff(), { appointmentId: one.id });
      expect(outcome).toMatchObject({ status: 'CANCELLED_ADMIN', refundBasisPoints: 10_000 });
      const [entry] = await bed.em().find(AuditEntry, { appointmentId: one.id, type: 'cancelled' });
      expect(entry).toMatchObject({ actorType: 'staff', actorSub: 'desk', previousStatus: 'CONFIRMED' });
    });

    it('is refused to strangers, who cannot tell it from one that never was (BK-077)', async () => {
      const one = await bed.confirmed();
      const outcome = await cancelAppointment(bed.as('sam'), { appointmentId: one.id });
      const unknown = await cancelAppointment(bed.as('sam'), {
        appointmentId: '5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0aff',
      });
      expect(outcome).toEqual(unknown);
      expect(await stored(one)).toMatchObject({ status: 'CONFIRMED' });
    });

    it('happens once when it is asked for twice at the same moment (X-17)', async () => {
      const one = await bed.confirmed();
      const outcomes = await Promise.all(
        [1, 2].map(() => cancelAppointment(bed.as('pat'), { appointmentId: one.id })),
      );
      expect(outcomes.filter((outcome) => outcome instanceof Refusal)).toHaveLength(1);
      expect(await bed.published('booking.appointment-cancelled.v1')).toHaveLength(1);
    });
  });
});

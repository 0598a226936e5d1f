// Every change of an appointment leaves one entry in the trail and one event, both of the version that it made: from
// them come the log, the metrics and the alerts.
import type { AppointmentState } from '@caregraph/contracts';
import { lifecycle, type Verb } from '../appointment/lifecycle.js';
import { Appointment } from '../appointment/appointment.js';
import { cancelAppointment } from '../appointment/cancel-appointment.js';
import { confirmAppointment } from '../appointment/confirm-appointment.js';
import { declineAppointment } from '../appointment/decline-appointment.js';
import { expireOverdue, giveUpUnpaid, nearExpiry } from '../appointment/end-appointment.js';
import { rescheduleAppointment } from '../appointment/reschedule-appointment.js';
import { retryAppointmentPayment } from '../appointment/retry-payment.js';
import { KnownCalendar } from '../catalogue/known.js';
import { BookingBed } from '../testing/booking-bed.js';
import { exampleOf, people } from '../testing/examples.js';
import { AuditEntry } from './audit-entry.js';

describe('every change of an appointment', () => {
  let bed: BookingBed;
  beforeAll(async () => {
    bed = await BookingBed.open();
  });
  beforeEach(() => bed.fresh());
  afterAll(() => bed.close());

  const payment = (word: string, { id }: { id: string }, over: object = {}): Promise<void> => {
    const data = { appointmentId: id, heldUntil: bed.at(168).toISOString(), ...over };
    return bed.deliver(exampleOf(`payments.payment-${word}.v1`, data));
  };
  const asked = async (): Promise<{ id: string }> => {
    const booked = await bed.booked();
    await payment('held', booked);
    return booked;
  };
  const of = ({ id }: { id: string }): { appointmentId: string } => ({ appointmentId: id });
  const unpaid = async (): Promise<{ id: string }> => {
    const booked = await bed.booked();
    await payment('failed', booked);
    return booked;
  };
  const conflicted = async (): Promise<{ id: string }> => {
    const { providerId: id, practiceId } = bed;
    const em = bed.em();
    await em.persist(em.create(KnownCalendar, { id, practiceId, version: 1, state: 'CONNECTED' })).flush();
    const booked = await bed.booked({ expectedMode: 'INSTANT' });
    await payment('held', booked);
    const { version } = await bed.em().findOneOrFail(Appointment, booked.id);
    const answer = { ...of(booked), appointmentVersion: version };
    await bed.deliver(exampleOf('calendar-sync.appointment-time-conflicted.v1', answer));
    return booked;
  };

  /** How each verb of the lifecycle comes about; a verb that is added without a way here does not compile. */
  const ways: Record<Verb, () => Promise<{ id: string }>> = {
    book: () => bed.booked(),
    awaitProvider: asked,
    confirm: async () => {
      const one = await asked();
      await nearExpiry({ ...bed.asSystem(), now: bed.at(21) }, one.id);
      await confirmAppointment(bed.asProvider(), of(one));
      await payment('captured', one);
      return one;
    },
    decline: async () => {
      const one = await asked();
      await declineAppointment(bed.asProvider(), of(one));
      return one;
    },
    conflict: conflicted,
    failPayment: async () => {
      const one = await bed.booked();
      bed.later(15);
      await giveUpUnpaid(bed.asSystem(), one.id);
      return one;
    },
    retryPayment: async () => {
      const one = await unpaid();
      await retryAppointmentPayment(bed.as(people.pat), { ...of(one), paymentMethodId: 'pm_card_visa' });
      return one;
    },
    reschedule: async () => {
      const one = await bed.confirmed();
      const offer = bed.signed({ start: bed.at(72), expectedMode: 'INSTANT' });
      await rescheduleAppointment(bed.as(people.pat), { ...of(one), offer });
      return one;
    },
    cancelByPatient: async () => {
      const one = await bed.confirmed();
      await cancelAppointment(bed.as(people.pat), of(one));
      return one;
    },
    cancelByProvider: async () => {
      const one = await asked();
      await cancelAppointment(bed.asProvider(), of(one));
      return one;
    },
    cancelByAdmin: async () => {
      const one = await unpaid();
      await cancelAppointment(bed.asStaff(), of(one));
      return one;
    },
    expire: async () => {
      const one = await asked();
      bed.later(24 * 60);
      await expireOverdue(bed.asSystem(), one.id);
      return one;
    },
  };

  it.each(Object.keys(ways) as Verb[])(
    'by %s is in the trail and told, each version once (GW-054)',
    async (verb) => {
      const { id } = await ways[verb]();
      const { version, status } = await bed.em().findOneOrFail(Appointment, id);
      const { to } = lifecycle[verb];
      const events = (await bed.published())
        .filter(({ subject, type }) => subject === id && type.startsWith('booking.appointment-'))
        .map(({ data }) => data as AppointmentState);
      expect(events.map((event) => event.status)).toContain(to);
      expect(events.at(-1)).toMatchObject({ version, status });

      const entries = await bed.em().find(AuditEntry, { appointmentId: id }, { orderBy: { seq: 'asc' } });
      // Before the first event stands the time that was reserved; the two are one transaction (Y-30).
      const [reserved, ...rest] = entries;
      expect(reserved).toMatchObject({ type: 'slot_reserved', newStatus: 'SLOT_RESERVED' });
      const told = events.map((event) => ({ version: event.version, newStatus: event.status }));
      expect(rest.map((entry) => ({ version: entry.version, newStatus: entry.newStatus }))).toEqual(told);
      expect(new Set(told.map((one) => one.version)).size).toBe(told.length);
    },
  );
});

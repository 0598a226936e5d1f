// The jobs that come round by themselves: when, what each does, that one bad record does not stop the rest, and that two
// processes which run the same job at the same moment do no more than one.
import { entriesAlone, type JobDefinition } from '@caregraph/jobs';
import { createLogger } from '@caregraph/runtime';
import { sweepAppointments, warnOfExpiry } from './appointment/appointment.jobs.js';
import { Appointment } from './appointment/appointment.js';
import { cancelAppointment } from './appointment/cancel-appointment.js';
import { confirmAppointment } from './appointment/confirm-appointment.js';
import { declineAppointment } from './appointment/decline-appointment.js';
import { AuditEntry } from './audit/audit-entry.js';
import { sweepHolds } from './hold/hold.jobs.js';
import { holdSlot } from './hold/hold-slot.js';
import { SlotHold } from './hold/hold.js';
import { calculateStatistics } from './statistics/calculate-statistics.js';
import { loadProviders, StatisticsField } from './statistics/statistics.field.js';
import type { ProviderStatistics } from './statistics/provider-statistics.js';
import { BookingBed } from './testing/booking-bed.js';
import { exampleOf, people } from './testing/examples.js';
import { cron, work } from './work.js';

describe('the recurring jobs of booking', () => {
  let bed: BookingBed;
  beforeAll(async () => {
    bed = await BookingBed.open();
  });
  beforeEach(() => bed.fresh());
  afterAll(() => bed.close());

  const log = createLogger('booking', 'silent');
  /** One occurrence of the job, as a worker runs it. */
  const run = async (job: JobDefinition): Promise<void> => {
    const found = work(() => bed.asSystem(), log).find((each) => each.job === job);
    const signal = new AbortController().signal;
    const alone = entriesAlone(log);
    await found!.run({}, { jobId: 'spec', attempt: 1, signal, now: bed.now, runAt: bed.now, alone });
  };
  const twoWorkers = async (job: JobDefinition): Promise<void> => {
    await Promise.all([run(job), run(job)]);
  };
  const timetable = (job: JobDefinition): string | undefined => cron.find((entry) => entry.job === job)?.cron;

  /** A request of Pat's so many hours ahead, which its provider has until the deadline to answer. */
  const asked = async (hours = 48): Promise<Appointment> => {
    const booked = await bed.booked({ start: bed.at(hours) });
    const heldUntil = bed.at(168).toISOString();
    await bed.deliver(exampleOf('payments.payment-held.v1', { appointmentId: booked.id, heldUntil }));
    return bed.em().findOneOrFail(Appointment, booked.id);
  };
  const stored = ({ id }: { id: string }): Promise<Appointment> => bed.em().findOneOrFail(Appointment, id);
  /** A record at which every change fails: its events cannot be made. */
  const spoil = ({ id }: Appointment): Promise<unknown> =>
    bed.em().execute(`update appointment set price_currency = 'xxx' where id = ?`, [id]);
  const told = async (type: string, { id }: Appointment): Promise<number> =>
    (await bed.published(`booking.appointment-${type}.v1`)).filter(({ subject }) => subject === id).length;

  it('end every five minutes what is past its deadline, each once, whatever is wrong with another (GW-010, GW-018, BK-074)', async () => {
    expect(timetable(sweepAppointments)).toBe('*/5 * * * *');
    const [bad, good, late] = [await asked(48), await asked(50), await asked(52)];
    await spoil(bad);
    bed.later(24 * 60 - 1);
    await twoWorkers(sweepAppointments);
    expect((await stored(good)).status).toBe('PENDING_CONFIRMATION');
    bed.later(1);
    await twoWorkers(sweepAppointments);
    expect((await stored(bad)).status).toBe('PENDING_CONFIRMATION');
    for (const one of [good, late]) {
      expect(await stored(one)).toMatchObject({ status: 'EXPIRED', responseType: 'EXPIRED' });
      expect(await told('expired', one)).toBe(1);
    }
  });

  it('warn a provider every half hour of what ends in four hours, once (GW-011, NT-054)', async () => {
    expect(timetable(warnOfExpiry)).toBe('*/30 * * * *');
    const request = await asked(48);
    bed.later(20 * 60 - 1);
    await run(warnOfExpiry);
    expect(await told('expiry-neared', request)).toBe(0);
    bed.later(1);
    await twoWorkers(warnOfExpiry);
    bed.later(30);
    await run(warnOfExpiry);
    expect(await told('expiry-neared', request)).toBe(1);
    expect(await stored(request)).toMatchObject({ status: 'PENDING_CONFIRMATION', remindersSent: 1 });
    const entries = await bed.em().find(AuditEntry, { appointmentId: request.id, type: 'expiry_neared' });
    expect(entries).toMatchObject([{ actorType: 'system', source: 'cron' }]);
  });

  it('warn at half the time where a deadline is shorter than four hours (NT-054)', async () => {
    const request = await asked(4);
    expect(request.confirmationDeadlineAt).toEqual(bed.at(3));
    bed.later(89);
    await run(warnOfExpiry);
    expect(await told('expiry-neared', request)).toBe(0);
    bed.later(1);
    await run(warnOfExpiry);
    expect(await told('expiry-neared', request)).toBe(1);
  });

  it('warn of nothing that was answered or is over, and of the rest in spite of a bad record (GW-018)', async () => {
    const [bad, answered, open] = [await asked(48), await asked(50), await asked(52)];
    await spoil(bad);
    await confirmAppointment(bed.asProvider(), { appointmentId: answered.id });
    bed.later(22 * 60);
    await run(warnOfExpiry);
    expect(await told('expiry-neared', answered)).toBe(0);
    expect(await told('expiry-neared', bad)).toBe(0);
    expect(await told('expiry-neared', open)).toBe(1);
    bed.later(2 * 60);
    const late = await asked(48);
    bed.later(24 * 60);
    await run(warnOfExpiry);
    expect(await told('expiry-neared', late)).toBe(0);
  });

  it('end every minute the holds that are past their time, and only those (GW-014, BK-045)', async () => {
    expect(timetable(sweepHolds)).toBe('* * * * *');
    const hold = await holdSlot(bed.as(people.pat), { offer: bed.signed() });
    const status = async (): Promise<string> =>
      (await bed.em().findOneOrFail(SlotHold, (hold as SlotHold).id)).status;
    bed.later(4);
    await run(sweepHolds);
    expect(await status()).toBe('ACTIVE');
    bed.later(1);
    await twoWorkers(sweepHolds);
    expect(await status()).toBe('EXPIRED');
    expect(await bed.claimsOf(hold as SlotHold)).toEqual([]);
  });

  describe('compute the statistics of a provider', () => {
    const seenBy = (deps = bed.asStaff()): Promise<ProviderStatistics | null> =>
      new StatisticsField().statistics({ id: bed.providerId }, deps);

    it('every six hours, the same however often (GW-013, BK-147)', async () => {
      expect(timetable(calculateStatistics)).toBe('5 */6 * * *');
      const requests: Appointment[] = [];
      for (const hours of [60, 62, 64, 66, 68]) requests.push(await asked(hours));
      const [first, second, third, fourth] = requests;
      bed.later(10);
      await confirmAppointment(bed.asProvider(), { appointmentId: first!.id });
      bed.later(20);
      await confirmAppointment(bed.asProvider(), { appointmentId: second!.id });
      bed.later(60);
      await declineAppointment(bed.asProvider(), { appointmentId: third!.id });
      await cancelAppointment(bed.as(people.pat), { appointmentId: second!.id });
      bed.later(24 * 60);
      await run(sweepAppointments);
      await bed.em().execute(`update appointment set status = 'COMPLETED' where id = ?`, [first!.id]);
      expect((await stored(fourth!)).status).toBe('EXPIRED');
      await twoWorkers(calculateStatistics);
      const expected = {
        ...{ requests: 5, confirmed: 2, declined: 1, expired: 2, cancelled: 1, completed: 1, noShows: 0 },
        ...{ averageResponseMinutes: 43, medianResponseMinutes: 30 },
        ...{ confirmationRateBasisPoints: 4_000, completionRateBasisPoints: 5_000 },
        ...{ revenueAmountMinor: 12_000, revenueCurrency: 'USD' },
        ...{ last30DaysRequests: 5, last30DaysConfirmed: 2 },
        ...{ lastCompletedAt: first!.end, calculatedAt: bed.now },
      };
      expect(await seenBy()).toMatchObject(expected);
      bed.later(31 * 24 * 60);
      await run(calculateStatistics);
      expect(await seenBy()).toMatchObject({
        ...expected,
        ...{ last30DaysRequests: 0, last30DaysConfirmed: 0, calculatedAt: bed.now },
      });
    });

    it('also of one who was never booked, and shows them to himself and his desk only', async () => {
      await run(calculateStatistics);
      const nothing = { requests: 0, averageResponseMinutes: null, confirmationRateBasisPoints: null };
      expect(await seenBy()).toMatchObject(nothing);
      expect(await seenBy(bed.asProvider())).toMatchObject(nothing);
      expect(await seenBy(bed.as(people.pat))).toBeNull();
      expect(await seenBy(bed.as('elsewhere', [{ practiceId: bed.typeId, role: 'admin' }]))).toBeNull();
      const [known, unknown] = await loadProviders(bed.as(people.pat), [bed.providerId, bed.typeId]);
      expect([known, unknown]).toEqual([{ id: bed.providerId }, null]);
    });

    it('of all others when those of one fail (GW-018)', async () => {
      const own = bed.providerId;
      await bed.fresh();
      // An answer that took for ever is no number of minutes.
      const endless = await asked(48);
      await bed.em().execute(
        `update appointment set status = 'CONFIRMED', confirmed_at = created_at,
           confirmation_requested_at = '-infinity', responded_at = 'infinity', response_type = 'CONFIRMED' where id = ?`,
        [endless.id],
      );
      await run(calculateStatistics);
      const calculated = await bed
        .em()
        .execute('select id from provider_statistics where calculated_at = ?', [bed.now]);
      expect(calculated).toContainEqual({ id: own });
      expect(calculated).not.toContainEqual({ id: bed.providerId });
      await bed.em().execute('delete from appointment where id = ?', [endless.id]);
    });
  });
});

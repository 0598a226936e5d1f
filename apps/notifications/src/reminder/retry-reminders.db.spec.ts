// Reminders that failed, an hour later. The vendor is not called: what a try came to is written into the row.
import { entriesAlone } from '@caregraph/jobs';
import { createLogger } from '@caregraph/runtime';
import { Notification } from '../notification/notification.js';
import { retryReminders, sweepQueue } from '../notification/notification.jobs.js';
import { Case } from '../testing/case.js';
import { NotificationsBed } from '../testing/notifications-bed.js';
import { cron, work } from '../work.js';
import { sendReminder } from './send-reminder.js';

describe('a reminder that failed', () => {
  let bed: NotificationsBed;
  beforeAll(async () => {
    bed = await NotificationsBed.open();
  });
  afterAll(() => bed.close());

  const log = createLogger('notifications', 'silent');
  const later = (minutes: number): Date => new Date(bed.now.getTime() + minutes * 60_000);
  /** One occurrence of the job, so many minutes from now. */
  const retry = async (minutes: number): Promise<void> => {
    const now = later(minutes);
    const found = work(() => ({ ...bed.sending(), now }), log).find(({ job }) => job === retryReminders);
    const signal = new AbortController().signal;
    await found!.run({}, { jobId: 'spec', attempt: 1, signal, now, runAt: now, alone: entriesAlone(log) });
  };
  /** Its patient's reminder, which has failed just now. */
  const failed = async (reason = 'HTTP_503'): Promise<Case> => {
    const one = await Case.open(bed, { startsInHours: 23 });
    await one.confirmed();
    await bed.em().nativeDelete(Notification, { appointmentId: one.appointmentId });
    const start = one.start.toISOString();
    await sendReminder(bed.sending(), { appointmentId: one.appointmentId, recipient: 'PATIENT', start });
    await fail(one, reason);
    return one;
  };
  const fail = (one: Case, reason: string, minutes = 0): Promise<unknown> =>
    bed
      .em()
      .nativeUpdate(
        Notification,
        { appointmentId: one.appointmentId, status: 'QUEUED' },
        { status: 'FAILED', reason, updatedAt: later(minutes) },
      );
  const statuses = async (one: Case): Promise<string[]> =>
    (await bed.notifications(one.appointmentId)).map(({ status }) => status);

  it('is sent again an hour later, twice at most, by however many workers (GW-016, NT-039)', async () => {
    expect(cron.find(({ job }) => job === sweepQueue)?.cron).toBe('*/5 * * * *');
    expect(cron.find(({ job }) => job === retryReminders)?.cron).toBe('40 * * * *');
    const one = await failed();
    await retry(59);
    expect(await statuses(one)).toEqual(['FAILED']);
    await Promise.all([retry(61), retry(61)]);
    expect(await statuses(one)).toEqual(['FAILED', 'QUEUED']);
    await retry(180);
    expect(await statuses(one)).toEqual(['FAILED', 'QUEUED']);
    await fail(one, 'HTTP_503', 61);
    await retry(122);
    expect(await statuses(one)).toEqual(['FAILED', 'FAILED', 'QUEUED']);
    await fail(one, 'HTTP_503', 122);
    await retry(183);
    expect(await statuses(one)).toEqual(['FAILED', 'FAILED', 'FAILED']);
  });

  it('is left alone where it may have arrived, and where there is nothing to remind of any more', async () => {
    const [unknown, cancelled, begun] = [await failed('OUTCOME_UNKNOWN'), await failed(), await failed()];
    await cancelled.booking('cancelled', 'CANCELLED_PATIENT', { refundBasisPoints: 0, cause: 'PATIENT' });
    await bed.em().nativeDelete(Notification, {
      appointmentId: cancelled.appointmentId,
      cause: 'appointment-cancelled',
    });
    await begun.booking('rescheduled', 'CONFIRMED', { start: later(30).toISOString() });
    await bed.em().nativeDelete(Notification, {
      appointmentId: begun.appointmentId,
      cause: { $in: ['appointment-rescheduled', 'appointment-reminder-24h'] },
      status: { $ne: 'FAILED' },
    });
    await retry(61);
    for (const one of [unknown, cancelled, begun]) expect(await statuses(one)).toEqual(['FAILED']);
  });

  it('does not keep the others from being sent again (GW-018)', async () => {
    const [bad, good] = [await failed(), await failed()];
    // Of this appointment nothing is known any more.
    await bed.em().execute('delete from known_appointment where id = ?', [bad.appointmentId]);
    await bed
      .em()
      .execute(
        `update notification set updated_at = updated_at - interval '1 minute' where appointment_id = ?`,
        [bad.appointmentId],
      );
    await retry(61);
    expect(await statuses(bad)).toEqual(['FAILED']);
    expect(await statuses(good)).toEqual(['FAILED', 'QUEUED']);
  });
});

// Reminders, with the clock moved on.
import { Case } from '../testing/case.js';
import { eventually, NotificationsBed } from '../testing/notifications-bed.js';
import { send } from '../notification/send.js';
import { sweepNotifications } from '../notification/sweep.js';
import { sendReminder } from './send-reminder.js';

describe('the reminders of an appointment', () => {
  let bed: NotificationsBed;
  beforeAll(async () => {
    bed = await NotificationsBed.open();
    await bed.startWork();
  });
  afterAll(() => bed.close());

  const advance = async (hours: number): Promise<void> =>
    bed.follows(await bed.world.control('/_sandbox/clock/advance', { hours }));
  const reminders = async ({ appointmentId }: Case): Promise<string[]> =>
    (await bed.notifications(appointmentId))
      .filter(({ cause }) => cause === 'appointment-reminder-24h')
      .map(({ recipient, status, reason }) => `${recipient} ${status}${reason ? ` ${reason}` : ''}`)
      .sort();
  const subjects = async ({ appointmentId }: Case): Promise<string[]> => {
    const { mails } = await bed.world.control<{ mails: { subject: string }[] }>(
      `/_sandbox/ledger?appointmentId=${appointmentId}`,
    );
    return mails.flatMap(({ subject }) => (subject.startsWith('Reminder') ? [subject] : [])).sort();
  };
  /** Start of the planned jobs, by recipient; the development clock's offset is taken out. */
  const planned = async ({ appointmentId }: Case): Promise<string[]> => {
    const rows = await bed.em().execute<{ runAt: string }[]>(
      `select data->>'runAt' as "runAt" from jobs.job_common
        where name = 'remind' and state = 'created' and singleton_key like ? order by singleton_key`,
      [`${appointmentId}%`],
    );
    return rows.map(({ runAt }) => runAt);
  };
  const dayBefore = ({ start }: Case): string => new Date(start.getTime() - 86_400_000).toISOString();
  const delivered = ['PATIENT DELIVERED', 'PROVIDER DELIVERED'];

  it('go to both 24 hours before the start, once, and not earlier (NT-058)', async () => {
    const one = await Case.open(bed, { startsInHours: 48 });
    await one.confirmed();
    await one.booking('updated', 'CONFIRMED');
    expect(await planned(one)).toEqual([dayBefore(one), dayBefore(one)]);
    await advance(23.9);
    expect(await reminders(one)).toEqual([]);
    await advance(0.2);
    await eventually(async () => {
      expect(await reminders(one)).toEqual(delivered);
    });
    await one.booking('updated', 'CONFIRMED');
    expect(await planned(one)).toEqual([]);
    expect(await subjects(one)).toHaveLength(2);
  });

  it('that leave late say "today" or "tomorrow" as the calendar of each reader has it (X-28)', async () => {
    const one = await Case.open(bed, { startsInHours: 48 });
    const zones = { patient: 'Pacific/Kiritimati', provider: 'America/New_York' };
    await one.patient({ version: 2, timeZone: zones.patient });
    await one.confirmed();
    await bed.stopWork();
    await advance(36);
    const dayIn = (instant: Date, timeZone: string): number =>
      Date.parse(new Intl.DateTimeFormat('en-CA', { timeZone }).format(instant)) / 86_400_000;
    const wordIn = (zone: string): string =>
      dayIn(one.start, zone) === dayIn(bed.now, zone) ? 'today' : 'tomorrow';
    await bed.startWork();
    await eventually(async () => {
      expect(await reminders(one)).toEqual(delivered);
    });
    const [provider, patient] = await subjects(one);
    expect(provider).toMatch(new RegExp(`^Reminder: appointment ${wordIn(zones.provider)} at .* E[SD]T$`));
    expect(patient).toMatch(
      new RegExp(`^Reminder: your appointment ${wordIn(zones.patient)} at .* GMT\\+14$`),
    );
  });

  it('leave once, though several workers have each job in hand (X-07)', async () => {
    const one = await Case.open(bed, { startsInHours: 48 });
    await one.confirmed();
    await bed.stopWork();
    await advance(24.1);
    const { appointmentId, start } = one;
    const planned = { appointmentId, recipient: 'PATIENT', start: start.toISOString() } as const;
    await Promise.all([1, 2, 3].map(() => sendReminder(bed.as(null), planned)));
    const [reminder] = (await bed.notifications(appointmentId)).filter(
      ({ cause }) => cause === 'appointment-reminder-24h',
    );
    await Promise.all([1, 2, 3].map(() => send(bed.sending(), reminder!.id)));
    expect(await subjects(one)).toHaveLength(1);
    await bed.startWork();
    await eventually(async () => {
      expect(await reminders(one)).toEqual(delivered);
    });
    expect(await subjects(one)).toHaveLength(2);
  });

  it('whose jobs are lost are found by the sweep, as are stuck messages, and none twice', async () => {
    const one = await Case.open(bed, { startsInHours: 48 });
    await one.confirmed();
    await bed.stopWork();
    await advance(24.5);
    await bed.em().execute(`delete from jobs.job_common where state = 'created'`, [], 'run');
    const sweep = () =>
      sweepNotifications(
        () => bed.as(null),
        (each) => each(),
      );
    await sweep();
    await sweep();
    expect(await reminders(one)).toEqual(['PATIENT QUEUED', 'PROVIDER QUEUED']);
    await bed.em().execute(`delete from jobs.job_common where state = 'created'`, [], 'run');
    await advance(0.5);
    await sweep();
    await bed.startWork();
    await eventually(async () => {
      expect(await reminders(one)).toEqual(delivered);
    });
    await sweep();
    expect(await subjects(one)).toHaveLength(2);
  });

  it('are none for an appointment that was cancelled (NT-042, X-21)', async () => {
    const one = await Case.open(bed, { startsInHours: 48 });
    await one.confirmed();
    await one.booking('cancelled', 'CANCELLED_PATIENT');
    expect(await planned(one)).toEqual([]);
    // Planned before and running just now: it decides again.
    const { appointmentId, start } = one;
    await sendReminder(bed.as(null), { appointmentId, recipient: 'PATIENT', start: start.toISOString() });
    await advance(25);
    expect(await reminders(one)).toEqual([]);
  });

  it('that were queued when the appointment was cancelled are skipped when they would leave (NT-043)', async () => {
    const one = await Case.open(bed, { startsInHours: 48 });
    await one.confirmed();
    await bed.stopWork();
    await advance(24.1);
    const { appointmentId, start } = one;
    await sendReminder(bed.as(null), { appointmentId, recipient: 'PATIENT', start: start.toISOString() });
    await one.booking('cancelled', 'CANCELLED_PATIENT');
    await bed.startWork();
    await eventually(async () => {
      expect(await reminders(one)).toEqual(['PATIENT SKIPPED OVERTAKEN']);
    });
    expect(await subjects(one)).toEqual([]);
  });

  it('are planned anew when the appointment is moved, and none for the old start (NT-059, X-21)', async () => {
    const one = await Case.open(bed, { startsInHours: 48 });
    await one.confirmed();
    const old = one.start.toISOString();
    one.start = one.inHours(96);
    await one.booking('rescheduled', 'CONFIRMED', { previousStart: old });
    expect(await planned(one)).toEqual([dayBefore(one), dayBefore(one)]);
    await sendReminder(bed.as(null), { appointmentId: one.appointmentId, recipient: 'PATIENT', start: old });
    await advance(24.1);
    expect(await reminders(one)).toEqual([]);
    await advance(48);
    await eventually(async () => {
      expect(await reminders(one)).toEqual(delivered);
    });
  });

  it('are skipped by policy when it is booked, or moved, less than a day ahead (X-21)', async () => {
    const one = await Case.open(bed, { startsInHours: 23 });
    await one.confirmed();
    expect(await reminders(one)).toEqual([
      'PATIENT SKIPPED LESS_THAN_A_DAY_AHEAD',
      'PROVIDER SKIPPED LESS_THAN_A_DAY_AHEAD',
    ]);
    expect(await planned(one)).toEqual([]);

    const moved = await Case.open(bed, { startsInHours: 72 });
    await moved.confirmed();
    moved.start = moved.inHours(20);
    await moved.booking('rescheduled', 'CONFIRMED');
    expect(await planned(moved)).toEqual([]);
    expect(await reminders(moved)).toHaveLength(2);
  });

  it('are not sent for a start that is past when the clock comes to them', async () => {
    const one = await Case.open(bed, { startsInHours: 48 });
    await one.confirmed();
    await advance(49);
    await eventually(async () => {
      expect(await reminders(one)).toEqual(['PATIENT SKIPPED OVERTAKEN', 'PROVIDER SKIPPED OVERTAKEN']);
    });
    expect(await subjects(one)).toEqual([]);
  });
});

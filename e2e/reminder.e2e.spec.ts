// The reminder a day before: once to each, when the world's clock gets there, and none for what is no longer on (I8).
import { told, type SeenAppointment } from '../tools/demo/seen.js';
import type { World } from '../tools/demo/world.js';
import { confirmed, expectEachMailOnce, openWorld } from './support/story.js';

const cause = 'appointment-reminder-24h';
const minute = 60_000;
const day = 24 * 60 * minute;

describe('the reminder 24 hours before', () => {
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(() => world.close());

  const causes = ({ notifications }: SeenAppointment): string[] =>
    notifications?.map((one) => one.cause) ?? [];
  /** When the reminders left, in the world's time. */
  const sentTimes = async (id: string): Promise<number[]> => {
    const query = 'query Sent($id: ID!) { appointment(id: $id) { notifications { cause sentAt } } }';
    const { appointment } = await world
      .as('staff')
      .request<{ appointment: { notifications: { cause: string; sentAt: string }[] } }>(query, { id });
    return appointment.notifications
      .filter((one) => one.cause === cause)
      .map(({ sentAt }) => Date.parse(sentAt));
  };
  const reminded = (one: SeenAppointment): boolean =>
    told(one, cause, 'PATIENT') && told(one, cause, 'PROVIDER');

  it('is sent once to each when its time comes, and not for what was cancelled (NT-042, NT-058)', async () => {
    // The cancelled one is the earlier of the two: its reminder would have gone out before.
    const cancelled = await confirmed(world, 'patient', { fromHours: 26, toHours: 200 });
    const kept = await confirmed(world, 'patient2', { fromHours: 26, toHours: 200 });
    await world.act('patient', 'cancelAppointment', cancelled.id);
    await world.until('staff', cancelled.id, 'both were told of the end', (one) =>
      told(one, 'appointment-cancelled', 'PROVIDER'),
    );

    const dueAt = Date.parse(kept.slot.start) - day;
    const toGo = dueAt - (await world.now()).getTime();
    await world.advance({ seconds: Math.floor(toGo / 1000) - 4 });
    const seen = await world.until('staff', kept.id, 'both are reminded', reminded);
    expect(causes(seen).filter((one) => one === cause)).toHaveLength(2);
    for (const sentAt of await sentTimes(kept.id)) {
      expect(sentAt).toBeGreaterThanOrEqual(dueAt);
      expect(sentAt).toBeLessThan(dueAt + minute);
    }
    expectEachMailOnce(await world.ledger(kept.id));

    const off = await world.see('staff', cancelled.id);
    expect(causes(off!)).not.toContain(cause);
    const { mails } = await world.ledger(cancelled.id);
    expect(mails.map(({ subject }) => subject).filter((subject) => /reminder/i.test(subject))).toEqual([]);
  });

  it('is skipped, and not late, for what was booked less than a day before (X-21)', async () => {
    const { id } = await confirmed(world, 'patient3', { fromHours: 5, toHours: 20 });
    const { notifications } = (await world.see('staff', id))!;
    expect(
      notifications?.filter((one) => one.cause === cause).every(({ status }) => status === 'SKIPPED'),
    ).toBe(true);
    const { mails } = await world.ledger(id);
    expect(mails).toHaveLength(2);
  });
});

import { z } from 'zod';
import { defineJob, enqueue, workOn } from './index.js';
import { offsetClock } from '@caregraph/testing';
import { eventually, hour, minute, note, specApp } from './spec-app.js';

const tick = defineJob('tick', z.object({ of: z.string().optional() }), {
  description: 'Comes again and again.',
});

describe('the time of a job', () => {
  const app = specApp([note, tick]);

  it('is kept to the second', async () => {
    const clock = offsetClock();
    const startedAt: number[] = [];
    await app.start({ clock, work: [workOn(note, () => Promise.resolve(startedAt.push(Date.now())))] });
    const runAt = new Date(Date.now() + 1_700);
    await app.inTransaction((em) => enqueue(em, note, { text: '' }, { runAt }));
    await eventually(() => startedAt.length, 1);
    const lateMs = (startedAt[0] ?? 0) - runAt.getTime();
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThan(1_000);
  });

  it('comes at once when the clock is moved past it, and not when it is moved short of it', async () => {
    const clock = offsetClock();
    const seen: { text: string; early: boolean }[] = [];
    const runAt = new Date(clock.now().getTime() + hour);
    await app.start({
      clock,
      work: [
        workOn(note, ({ text }, job) =>
          Promise.resolve(seen.push({ text, early: job.now < (job.runAt ?? job.now) })),
        ),
      ],
    });
    await app.inTransaction((em) => enqueue(em, note, { text: 'in an hour' }, { runAt }));
    clock.advance(hour - minute);
    // Enqueued after the jump and due at once: when it has run, the other one has had its chance.
    await app.inTransaction((em) => enqueue(em, note, { text: 'now' }, { runAt: clock.now() }));
    await eventually(() => seen, [{ text: 'now', early: false }]);
    clock.advance(minute);
    await eventually(() => seen.map(({ text }) => text), ['now', 'in an hour']);
    expect(seen.every(({ early }) => !early)).toBe(true);
  });

  it('is moved once, however many replicas hear of the jump, and by one that was down meanwhile', async () => {
    const clocks = [offsetClock(), offsetClock(), offsetClock()];
    const jobs = await Promise.all(clocks.map((clock) => app.start({ clock })));
    const runAt = new Date(Date.now() + 3 * hour);
    await app.inTransaction((em) => enqueue(em, note, { text: '' }, { runAt }));
    const startsIn = async (): Promise<number> => {
      const [row] = await app.sql<{ s: number }>(
        'select extract(epoch from start_after - now())::float8 as s from jobs.job_common',
      );
      return Math.round((row?.s ?? 0) / 60);
    };
    for (const clock of clocks) clock.advance(hour);
    await eventually(startsIn, 120);
    await Promise.all(jobs.map((started) => started.stop()));
    expect(await startsIn()).toBe(120);
    await app.start({ clock: offsetClock(2 * hour) });
    expect(await startsIn()).toBe(60);
    await app.start({ clock: offsetClock(0) });
    expect(await startsIn()).toBe(180);
  });

  it('has passed for the one who does it, also on a machine whose clock is behind', async () => {
    const seen: Date[] = [];
    await app.start({ work: [workOn(note, (_data, { now }) => Promise.resolve(seen.push(now)))] });
    const runAt = new Date(Date.now() + hour);
    await app.inTransaction((em) => enqueue(em, note, { text: '' }, { runAt }));
    await app.sql('update jobs.job_common set start_after = now()');
    await eventually(() => seen, [runAt]);
  });

  it('is moved also when the job is enqueued by a transaction that the jump finds open', async () => {
    const clock = offsetClock();
    const noted: string[] = [];
    await app.start({ clock, work: [workOn(note, ({ text }) => Promise.resolve(noted.push(text)))] });
    const runAt = new Date(clock.now().getTime() + hour);
    await app.inTransaction(async (em) => {
      await enqueue(em, note, { text: 'open' }, { runAt });
      clock.advance(2 * hour);
      const waiting = `select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted`;
      await eventually(() => app.sql(waiting), [{ n: 1 }]);
    });
    await eventually(() => noted, ['open']);
  });

  it('does not take a running job from its worker when the clock jumps', async () => {
    const clock = offsetClock();
    let finish = (): void => undefined;
    const runs: number[] = [];
    const work = [
      workOn(note, ({ text }, { attempt }) => {
        runs.push(attempt);
        return text === 'long' ? new Promise<void>((resolve) => (finish = resolve)) : Promise.resolve();
      }),
    ];
    await app.start({ clock, work });
    await app.inTransaction((em) => enqueue(em, note, { text: 'long' }));
    await eventually(() => runs, [1]);
    clock.advance(72 * hour);
    // The watch over dead workers goes round every two seconds: a job after that has seen it pass.
    await app.inTransaction((em) =>
      enqueue(em, note, { text: 'later' }, { runAt: new Date(clock.now().getTime() + 5_000) }),
    );
    await eventually(() => runs, [1, 1]);
    finish();
    await eventually(
      () => app.sql(`select state, retry_count from jobs.job_common`),
      [
        { state: 'completed', retry_count: 0 },
        { state: 'completed', retry_count: 0 },
      ],
    );
  });

  it('comes round for a cron entry, in its zone, once for two replicas', async () => {
    const clock = offsetClock();
    const seen: string[] = [];
    const options = {
      clock,
      work: [
        workOn(tick, ({ of }, job) =>
          Promise.resolve(seen.push(`${of ?? ''} ${job.runAt?.toISOString() ?? ''}`)),
        ),
      ],
      cron: [{ job: tick, cron: '30 6 * * *', timeZone: 'Asia/Kolkata', data: { of: 'morning' } }],
    };
    await app.start(options);
    await app.start(options);
    const occurrence = (after: Date): Date => {
      const at = new Date(after);
      at.setUTCHours(1, 0, 0, 0);
      if (at <= after) at.setUTCDate(at.getUTCDate() + 1);
      return at;
    };
    const first = occurrence(clock.now());
    clock.advance(first.getTime() - clock.now().getTime() + 1_000);
    await eventually(() => seen, [`morning ${first.toISOString()}`]);
    const second = occurrence(clock.now());
    await eventually(() => app.sql(`select from jobs.job_common where state = 'created'`), [{}]);
    clock.advance(second.getTime() - clock.now().getTime() + 1_000);
    await eventually(() => seen, [`morning ${first.toISOString()}`, `morning ${second.toISOString()}`]);

    // Set back before an occurrence that has run, the clock passes it again; it does not run again.
    clock.advance(-2 * hour);
    const offsetHours = `select round(offset_ms / 3600000.0)::int as h from jobs.clock_offset`;
    const setBackTo = Math.round((clock.now().getTime() - Date.now()) / hour);
    await eventually(() => app.sql(offsetHours), [{ h: setBackTo }]);
    clock.advance(26 * hour);
    await eventually(() => seen.length, 3);
    expect(new Set(seen).size).toBe(3);
  });

  it('of a cron entry that was dropped or changed is taken back', async () => {
    const entry = { job: tick, cron: '0 3 * * *', timeZone: 'UTC' };
    const planned = async (): Promise<string[]> =>
      (await app.sql<{ k: string }>(`select singleton_key as k from jobs.job_common`)).map(({ k }) =>
        k.slice(0, 19),
      );
    const before = await app.start({ cron: [entry] });
    expect(await planned()).toEqual(['@cron 0 3 * * * UTC']);
    await before.stop();
    await app.start({ cron: [{ ...entry, cron: '0 4 * * *' }] });
    expect(await planned()).toEqual(['@cron 0 4 * * * UTC']);
    await expect(app.start({ cron: [{ ...entry, cron: 'every day' }] })).rejects.toThrow();
  });
});

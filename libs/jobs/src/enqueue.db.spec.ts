import { cancelJob, enqueue, workOn } from './index.js';
import { offsetClock } from '@caregraph/testing';
import { eventually, hour, minute, note, specApp } from './spec-app.js';

describe('a job that is enqueued in a transaction', () => {
  const app = specApp();
  const waiting = (): Promise<{ data: object }[]> =>
    app.sql(`select data from jobs.job_common where state < 'active'`);

  /** Starts a worker and returns what it has noted so far. */
  async function noting(clock = offsetClock()): Promise<string[]> {
    const noted: string[] = [];
    await app.start({ clock, work: [workOn(note, ({ text }) => Promise.resolve(noted.push(text)))] });
    return noted;
  }

  it('runs when the transaction commits, woken within a second', async () => {
    const noted = await noting();
    const text = `it's a "quoted" \\ text with ? and é`;
    await app.inTransaction((em) => enqueue(em, note, { text }));
    await eventually(() => noted, [text], 1_000);
  });

  it('never runs when the transaction is rolled back', async () => {
    const noted = await noting();
    const rolledBack = app.inTransaction(async (em) => {
      await enqueue(em, note, { text: 'rolled back' });
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    await app.inTransaction((em) => enqueue(em, note, { text: 'committed' }));
    await eventually(() => noted, ['committed']);
    expect(await app.sql(`select from jobs.job_common where data::text like '%rolled back%'`)).toEqual([]);
  });

  it('is refused outside of a transaction, with data its schema refuses, and without a queue', async () => {
    await expect(enqueue(app.em, note, { text: 'alone' })).rejects.toThrow('in a transaction');
    const wrong = { text: 7 } as unknown as { text: string };
    await expect(app.inTransaction((em) => enqueue(em, note, wrong))).rejects.toThrow('expected string');
    const unknown = { ...note, name: 'unknown' };
    await expect(app.inTransaction((em) => enqueue(em, unknown, { text: '' }))).rejects.toThrow(
      'pass it to migrateJobs',
    );
  });

  it('replaces the waiting one of the same key, with its data and its time', async () => {
    const clock = offsetClock();
    const in1h = new Date(clock.now().getTime() + hour);
    const in2h = new Date(clock.now().getTime() + 2 * hour);
    await app.inTransaction((em) => enqueue(em, note, { text: 'first' }, { key: 'k', runAt: in2h }));
    await app.inTransaction((em) => enqueue(em, note, { text: 'other key' }, { key: 'l', runAt: in1h }));
    await app.inTransaction((em) => enqueue(em, note, { text: 'second' }, { key: 'k', runAt: in1h }));
    const noted = await noting(clock);
    clock.advance(hour + minute);
    await eventually(() => [...noted].sort(), ['other key', 'second']);
    expect(await waiting()).toEqual([]);
  });

  it('leaves one waiting job when many enqueue the same key at once', async () => {
    const runAt = new Date(Date.now() + hour);
    const texts = Array.from({ length: 8 }, (_, index) => `${index}`);
    await Promise.all(
      texts.map((text) => app.inTransaction((em) => enqueue(em, note, { text }, { key: 'k', runAt }))),
    );
    expect(await waiting()).toHaveLength(1);
  });

  it('does not run once cancelled, unless the cancelling is rolled back', async () => {
    const clock = offsetClock();
    const runAt = new Date(clock.now().getTime() + hour);
    for (const key of ['cancelled', 'kept']) {
      await app.inTransaction((em) => enqueue(em, note, { text: key }, { key, runAt }));
    }
    await app.inTransaction((em) => cancelJob(em, note, 'cancelled'));
    const rolledBack = app.inTransaction(async (em) => {
      await cancelJob(em, note, 'kept');
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    const noted = await noting(clock);
    clock.advance(hour);
    await eventually(() => noted, ['kept']);
    expect(await waiting()).toEqual([]);
  });
});

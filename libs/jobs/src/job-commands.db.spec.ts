import { offsetClock, suiteDatabase } from '@caregraph/testing';
import { enqueue, NoJobs, openJobCommands, workOn, type JobCommands } from './index.js';
import { eventually, hour, note, specApp } from './spec-app.js';

describe('an operator’s commands on jobs (GW-053)', () => {
  const app = specApp();
  let commands: JobCommands;
  beforeAll(async () => {
    commands = await openJobCommands(app.database.url);
  });
  afterAll(() => commands.close());

  const later = (): Date => new Date(Date.now() + hour);
  const enqueued = (text: string, runAt = later()): Promise<void> =>
    app.inTransaction((em) => enqueue(em, note, { text }, { runAt, key: text }));
  const idOf = async (text: string): Promise<string> =>
    (await commands.list()).find(({ key }) => key === text)?.id ?? '';

  async function noting(clock = offsetClock()): Promise<string[]> {
    const noted: string[] = [];
    await app.start({ clock, work: [workOn(note, ({ text }) => Promise.resolve(noted.push(text)))] });
    return noted;
  }

  it('show what waits, when it is due by the business clock, and what it carries', async () => {
    const runAt = later();
    await enqueued('a', runAt);
    expect(await commands.list()).toEqual([
      expect.objectContaining({
        job: 'note',
        state: 'WAITING',
        key: 'a',
        attempts: 0,
        data: { text: 'a' },
        dueAt: runAt,
        reason: null,
      }),
    ]);
  });

  it('run a waiting job at once, and no other', async () => {
    await enqueued('first');
    await enqueued('second');
    const noted = await noting();
    expect(await commands.advance(await idOf('first'))).toBeUndefined();
    await eventually(() => noted, ['first'], 3_000);
    // It has noted, and is done a moment later.
    const left = async (): Promise<unknown[]> => (await commands.list()).map(({ key }) => key);
    while ((await left()).includes('first')) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await left()).toEqual(['second']);
  });

  it('hold a job beyond its time and whatever the clock does, until it is released', async () => {
    await enqueued('held');
    await enqueued('free');
    const id = await idOf('held');
    expect(await commands.hold(id)).toBeUndefined();
    const clock = offsetClock();
    const noted = await noting(clock);
    clock.advance(2 * hour);
    await eventually(() => noted, ['free']);
    await eventually(
      async () => (await commands.list()).map(({ id: listed, state, dueAt }) => [listed, state, dueAt]),
      [[id, 'HELD', null]],
    );
    expect(await commands.release(id)).toBeUndefined();
    await eventually(() => noted, ['free', 'held']);
  });

  it('release a job to its own time', async () => {
    const runAt = later();
    await enqueued('early', runAt);
    const id = await idOf('early');
    await commands.hold(id);
    await commands.release(id);
    expect(await commands.list()).toEqual([expect.objectContaining({ id, state: 'WAITING', dueAt: runAt })]);
  });

  it('run a job that failed for good once more', async () => {
    let works = false;
    await app.inTransaction((em) => enqueue(em, note, { text: 'x' }));
    await app.sql(`update jobs.job_common set retry_limit = 0`);
    let runs = 0;
    await app.start({
      work: [
        workOn(note, () => {
          runs += 1;
          return works ? Promise.resolve() : Promise.reject(new Error('the vendor said no'));
        }),
      ],
    });
    await eventually(
      async () => (await commands.list()).map(({ state, reason }) => [state, reason]),
      [['FAILED', 'the vendor said no']],
    );
    works = true;
    const [failed] = await commands.list();
    expect(await commands.retry(failed?.id ?? '')).toBeUndefined();
    await eventually(() => runs, 2);
    await eventually(() => commands.list(), []);
  });

  it('are not there for an app without jobs', async () => {
    const other = await suiteDatabase('without_jobs');
    await expect(openJobCommands(other.url)).rejects.toThrow(NoJobs);
    await other.drop();
  });

  it('refuse an id that there is not, and one in another state', async () => {
    await enqueued('waiting');
    const id = await idOf('waiting');
    for (const command of ['advance', 'hold', 'release', 'retry'] as const)
      expect(await commands[command]('nonsense')).toMatchObject({ code: 'JOB_NOT_FOUND' });
    expect(await commands.release(id)).toMatchObject({ code: 'JOB_NOT_FOUND' });
    expect(await commands.retry(id)).toMatchObject({ code: 'JOB_NOT_FOUND' });
  });
});

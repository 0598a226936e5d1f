import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { defineJob, enqueue, migrateJobs, workOn, type Jobs } from './index.js';
import { eventually, hour, note, specApp, stubborn } from './spec-app.js';

const fragile = defineJob('fragile', z.object({ id: z.string() }), {
  description: 'Fails.',
  retryLimit: 1,
  retryDelaySeconds: 1,
});
const slow = defineJob('slow', z.object({}), {
  description: 'Takes too long.',
  retryLimit: 1,
  expireInSeconds: 1,
});

describe('the work on jobs', () => {
  const app = specApp([note, fragile, slow, stubborn]);

  it('is tried again with a growing pause, then kept and shown as failed, and can be run again', async () => {
    const attempts: number[] = [];
    let broken = true;
    const metrics = new Registry();
    const work = [
      workOn(fragile, (_data, { attempt }) => {
        attempts.push(attempt);
        return broken ? Promise.reject(new Error('the vendor is down')) : Promise.resolve();
      }),
    ];
    const jobs = await app.start({ work, metrics });
    await app.inTransaction((em) => enqueue(em, fragile, { id: 'a' }, { key: 'k' }));
    await eventually(async () => (await jobs.jobStats()).failed, 1);
    expect(attempts).toEqual([1, 2]);
    const failed = await jobs.failedJobs();
    expect(failed).toMatchObject([
      {
        jobName: 'fragile',
        data: { id: 'a' },
        attempts: 2,
        reason: 'the vendor is down',
      },
    ]);
    expect(failed[0]?.failedAt).toBeInstanceOf(Date);
    const text = await metrics.metrics();
    expect(text).toContain('caregraph_jobs_failed 1');
    expect(text).toContain('caregraph_job_runs_total{job="fragile",outcome="retried"} 1');
    expect(text).toContain('caregraph_job_runs_total{job="fragile",outcome="failed"} 1');

    broken = false;
    expect(await jobs.retryFailedJob(failed[0]?.id ?? '')).toBe(true);
    await eventually(() => attempts, [1, 2, 1]);
    await eventually(() => jobs.failedJobs(), []);
    expect(await jobs.retryFailedJob(failed[0]?.id ?? '')).toBe(false);
  });

  it('is told by its signal that its time is up', async () => {
    let reason: unknown;
    const work = [
      workOn(slow, (_data, { signal }) => {
        return new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            reason = 'aborted';
            resolve();
          });
        });
      }),
    ];
    await app.start({ work });
    await app.inTransaction((em) => enqueue(em, slow, {}));
    await eventually(() => reason, 'aborted');
    await eventually(
      () => app.sql(`select retry_count from jobs.job_common where state = 'retry'`),
      [{ retry_count: 0 }],
    );
  });

  it('is done once, and by no more at a time than said, when two processes race for it', async () => {
    const runs = new Map<string, number>();
    const atOnce = { now: 0, most: 0 };
    const work = [
      workOn(
        note,
        async ({ text }) => {
          runs.set(text, (runs.get(text) ?? 0) + 1);
          atOnce.now += 1;
          atOnce.most = Math.max(atOnce.most, atOnce.now);
          await app.sql('select pg_sleep(0.01)');
          atOnce.now -= 1;
        },
        { concurrency: 2 },
      ),
    ];
    await app.inTransaction(async (em) => {
      for (let index = 0; index < 60; index += 1) await enqueue(em, note, { text: `${index}` });
    });
    const jobs = await Promise.all([app.start({ work }), app.start({ work })]);
    await eventually(async () => (await jobs[0].jobStats()).queued, 0);
    await Promise.all(jobs.map((started) => started.stop()));
    expect([...runs.values()]).toEqual(Array.from({ length: 60 }, () => 1));
    expect(atOnce.most).toBeGreaterThan(1);
    expect(atOnce.most).toBeLessThanOrEqual(4);
  });

  it('holds no transaction and no lock on a row while it runs', async () => {
    let finish = (): void => undefined;
    let started = false;
    const work = [
      workOn(note, () => {
        started = true;
        return new Promise<void>((resolve) => (finish = resolve));
      }),
    ];
    await app.start({ work });
    await app.inTransaction((em) => enqueue(em, note, { text: '' }));
    await eventually(() => started, true);
    const open = (): Promise<object[]> =>
      app.sql(
        `select state, query from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and state like 'idle in transaction%'`,
      );
    await eventually(open, []);
    const locked = app.sql(`select id from jobs.job_common where state = 'active' for update nowait`);
    await expect(locked).resolves.toHaveLength(1);
    finish();
  });

  it('is overdue when nobody does it, and counted so', async () => {
    const jobs = await app.start({});
    await app.inTransaction((em) => enqueue(em, note, { text: '' }, { runAt: new Date(Date.now() - hour) }));
    await app.inTransaction((em) => enqueue(em, note, { text: '' }, { runAt: new Date(Date.now() + hour) }));
    const stats = await jobs.jobStats();
    expect(stats).toMatchObject({ queued: 2, overdue: 1, running: 0, failed: 0 });
    expect(Math.round(stats.oldestOverdueSeconds / 60)).toBe(60);
  });

  it('goes on for a role that can neither make nor change a table', async () => {
    await expect(app.sql('create table jobs.other (id int)')).rejects.toThrow('permission denied');
    await expect(app.sql('create table other (id int)')).rejects.toThrow('permission denied');
    await expect(app.sql('alter table jobs.job_common add column x int')).rejects.toThrow('must be owner');
    await expect(app.sql('drop table jobs.clock_offset')).rejects.toThrow('must be owner');
    // Migrating again, while the app runs, changes nothing for it.
    let runs = 0;
    const jobs: Jobs = await app.start({ work: [workOn(note, () => Promise.resolve((runs += 1)))] });
    await migrateJobs(app.database.ownerUrl, [note, fragile, slow, stubborn]);
    await app.inTransaction((em) => enqueue(em, note, { text: '' }));
    await eventually(() => runs, 1);
    expect((await jobs.jobStats()).failed).toBe(0);
  });

  it('goes on when all connections to the database are cut', async () => {
    const noted: string[] = [];
    await app.start({ work: [workOn(note, ({ text }) => Promise.resolve(noted.push(text)))] });
    await app.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'jobs'`,
    );
    await app.inTransaction((em) => enqueue(em, note, { text: 'after' }));
    await eventually(() => noted, ['after']);
  });

  it('of a process killed in the middle is taken over within 30 seconds, in spite of the back-off', async () => {
    const worker = spawn(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(new URL('spec-worker.ts', import.meta.url)), app.database.url],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const exited = new Promise((resolve) =>
      worker.once('exit', (_code, signal) => {
        resolve(signal);
      }),
    );
    let said = '';
    worker.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await app.inTransaction((em) => enqueue(em, stubborn, {}));
    await eventually(() => said, 'started\n', 20_000);

    const attempts: number[] = [];
    await app.start({
      work: [workOn(stubborn, (_data, { attempt }) => Promise.resolve(attempts.push(attempt)))],
    });
    const killedAt = Date.now();
    worker.kill('SIGKILL');
    expect(await exited).toBe('SIGKILL');
    await eventually(() => attempts, [2], 30_000);
    expect(Date.now() - killedAt).toBeLessThan(30_000);
  }, 60_000);
});

import { Registry } from 'prom-client';
import { z } from 'zod';
import { offsetClock } from '@caregraph/testing';
import { defineJob, enqueue, workOn, type CronEntry } from './index.js';
import { eventually, hour, note, specApp } from './spec-app.js';

const sweep = defineJob('sweep', z.object({}), {
  description: 'Sweeps.',
  retryLimit: 1,
  retryDelaySeconds: 1,
});
const cron: CronEntry[] = [{ job: sweep, cron: '0 * * * *', timeZone: 'UTC' }];

describe('the figures of jobs', () => {
  const app = specApp([note, sweep]);
  const valueOf = async (registry: Registry, series: string): Promise<number> => {
    const line = (await registry.metrics()).split('\n').find((each) => each.startsWith(`${series} `));
    return Number(line?.split(' ').at(-1));
  };

  it('are the time of each run, its failures, and the entries that failed alone (GW-018, GW-019)', async () => {
    const metrics = new Registry();
    let runs = 0;
    const done: number[] = [];
    const work = [
      workOn(sweep, async (_nothing, run) => {
        runs += 1;
        if (runs === 1) throw new Error('the database is away');
        for (const entry of [1, 2, 3])
          await run.alone(() => {
            if (entry === 2) throw new Error('a bad record');
            done.push(entry);
            return Promise.resolve();
          });
      }),
      workOn(note, () => Promise.resolve()),
    ];
    await app.start({ work, cron, metrics });
    expect(await valueOf(metrics, 'caregraph_cron_failures_total{job="sweep"}')).toBe(0);
    await app.inTransaction((em) => enqueue(em, sweep, {}));
    await app.inTransaction((em) => enqueue(em, note, { text: 'a' }));
    await eventually(() => done, [1, 3]);
    await eventually(
      () => valueOf(metrics, 'caregraph_job_duration_seconds_count{job="sweep",kind="cron"}'),
      2,
    );
    await eventually(
      () => valueOf(metrics, 'caregraph_job_duration_seconds_count{job="note",kind="planned"}'),
      1,
    );
    expect(await valueOf(metrics, 'caregraph_cron_failures_total{job="sweep"}')).toBe(1);
    expect(await valueOf(metrics, 'caregraph_job_items_failed_total{job="sweep"}')).toBe(1);
    expect(await valueOf(metrics, 'caregraph_job_items_failed_total{job="note"}')).toBe(0);
  });

  it('tell the last success of a cron entry from any replica, and after a restart', async () => {
    const [first, second] = [new Registry(), new Registry()];
    const series = 'caregraph_cron_last_success_timestamp_seconds{job="sweep"}';
    await app.sql(`delete from jobs.cron_run`);
    const clock = offsetClock();
    const work = [workOn(sweep, () => Promise.resolve())];
    const jobs = await app.start({ work, cron, clock, metrics: first });
    expect(await valueOf(first, 'caregraph_cron_period_seconds{job="sweep"}')).toBe(3_600);
    const planned = await valueOf(first, series);
    expect(Math.abs(planned - Date.now() / 1000)).toBeLessThan(60);

    await app.sql(`update jobs.cron_run set succeeded_at = now() - interval '2 hours'`);
    expect((await jobs.cronRuns())[0]?.secondsSinceSuccess).toBeGreaterThanOrEqual(7_200);
    clock.advance(hour);
    await eventually(async () => ((await jobs.cronRuns())[0]?.secondsSinceSuccess ?? 9_999) < 60, true);

    await app.start({ work: [], cron, clock, metrics: second });
    expect(await valueOf(second, series)).toBeGreaterThan(planned - 1);
    expect(await valueOf(second, series)).toBe(await valueOf(first, series));
  });
});

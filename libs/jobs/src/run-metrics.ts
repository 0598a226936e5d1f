// What each process counts of the runs it made: their number, length and outcome (GW-019).
import { Counter, Histogram, type Registry } from 'prom-client';

export type RunOutcome = 'completed' | 'retried' | 'failed';

export interface RunMetrics {
  ran(job: string, outcome: RunOutcome, seconds: number): void;
  /** One entry of a sweep failed, and the rest went on. */
  itemFailed(job: string): void;
}

/** From ten milliseconds to the longest time that a job may take. */
const buckets = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600];

/** All series exist from the start, at 0: Prometheus does not see the first failure of a series that begins with it. */
export function runMetrics(
  registry: Registry,
  jobs: readonly string[],
  cronJobs: ReadonlySet<string>,
): RunMetrics {
  const registers = [registry];
  const runs = new Counter({
    name: 'caregraph_job_runs_total',
    help: 'Jobs run, by job and outcome: completed, retried (failed and tried again), failed (for good).',
    labelNames: ['job', 'outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'caregraph_job_duration_seconds',
    help: 'Time that one try of a job took, by job and kind: cron (comes again and again) or planned.',
    labelNames: ['job', 'kind'],
    buckets,
    registers,
  });
  const cronFailures = new Counter({
    name: 'caregraph_cron_failures_total',
    help: 'Tries of a cron entry that failed, whether tried again or not.',
    labelNames: ['job'],
    registers,
  });
  const items = new Counter({
    name: 'caregraph_job_items_failed_total',
    help: 'Entries of a sweep that failed while the rest went on.',
    labelNames: ['job'],
    registers,
  });
  for (const job of jobs) {
    for (const outcome of ['completed', 'retried', 'failed']) runs.inc({ job, outcome }, 0);
    items.inc({ job }, 0);
    if (cronJobs.has(job)) cronFailures.inc({ job }, 0);
  }
  return {
    ran: (job, outcome, seconds) => {
      const cron = cronJobs.has(job);
      runs.inc({ job, outcome });
      durations.observe({ job, kind: cron ? 'cron' : 'planned' }, seconds);
      if (cron && outcome !== 'completed') cronFailures.inc({ job });
    },
    itemFailed: (job) => {
      items.inc({ job });
    },
  };
}

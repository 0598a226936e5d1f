// The figures that alerts on jobs look at, read from the app's database.
import type { Registry } from 'prom-client';
import { addStateGauges, type StateGauge } from '@caregraph/runtime';
import type { CronRun } from './cron-runs.js';
import type { JobStats } from './job-reports.js';

export interface JobState {
  readonly stats: JobStats;
  readonly cronRuns: readonly CronRun[];
}

const ofQueue = (name: string, help: string, figure: keyof JobStats): StateGauge<JobState> => ({
  name,
  help,
  samples: ({ stats }) => [{ value: stats[figure] }],
});

const gauges = [
  ofQueue('caregraph_jobs_queued', 'Jobs that wait, whether due or not.', 'queued'),
  ofQueue('caregraph_jobs_running', 'Jobs that run.', 'running'),
  ofQueue('caregraph_jobs_overdue', 'Jobs that wait although their time has come.', 'overdue'),
  ofQueue(
    'caregraph_jobs_oldest_overdue_seconds',
    'How late the oldest overdue job is, in seconds.',
    'oldestOverdueSeconds',
  ),
  ofQueue('caregraph_jobs_failed', 'Jobs that failed for good and wait for a person.', 'failed'),
  {
    name: 'caregraph_cron_last_success_timestamp_seconds',
    help: 'When a cron entry last succeeded, in Unix seconds; when it was first planned, if it never did.',
    labelNames: ['job'],
    samples: ({ cronRuns }: JobState) =>
      cronRuns.map(({ job, lastSuccess }) => ({ labels: { job }, value: lastSuccess.getTime() / 1000 })),
  },
] satisfies StateGauge<JobState>[];

/** @param periods the longest pause between two occurrences of each cron entry, in seconds. */
export function addJobMetrics(
  registry: Registry,
  read: () => Promise<JobState>,
  periods: ReadonlyMap<string, number>,
): void {
  addStateGauges(registry, read, [
    ...gauges,
    {
      name: 'caregraph_cron_period_seconds',
      help: 'Longest pause between two occurrences of a cron entry, in seconds.',
      labelNames: ['job'],
      samples: () => [...periods].map(([job, value]) => ({ labels: { job }, value })),
    },
  ]);
}

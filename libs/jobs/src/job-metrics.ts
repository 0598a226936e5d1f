// The figures that alerts on jobs look at.
import { Gauge, type Registry } from 'prom-client';
import type { JobStats } from './job-reports.js';

const gauges = [
  ['caregraph_jobs_queued', 'Jobs that wait, whether due or not.', 'queued'],
  ['caregraph_jobs_running', 'Jobs that run.', 'running'],
  ['caregraph_jobs_overdue', 'Jobs that wait although their time has come.', 'overdue'],
  [
    'caregraph_jobs_oldest_overdue_seconds',
    'How late the oldest overdue job is, in seconds.',
    'oldestOverdueSeconds',
  ],
  ['caregraph_jobs_failed', 'Jobs that failed for good and wait for a person.', 'failed'],
] as const;

/** The database is read once for each time the metrics are. */
export function addJobMetrics(registry: Registry, read: () => Promise<JobStats>): void {
  let reading: Promise<JobStats> | undefined;
  const readOnce = (): Promise<JobStats> => {
    reading ??= read().finally(() => (reading = undefined));
    return reading;
  };
  for (const [name, help, figure] of gauges) {
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set((await readOnce())[figure]);
      },
    });
  }
}

// Runs an app's jobs: workers, the cron entries, and the watch over both.
import { PgBoss } from 'pg-boss';
import type { Registry } from 'prom-client';
import type { Clock, Logger } from '@caregraph/runtime';
import { periodsOf, planCron, type CronEntry } from './cron.js';
import { readCronRuns, rememberSuccess, type CronRun } from './cron-runs.js';
import { followClock } from './follow-clock.js';
import { addJobMetrics } from './job-metrics.js';
import { readFailedJobs, readJobStats, type FailedJob, type JobStats } from './job-reports.js';
import { deadQueue, rowsOf, schema } from './job-tables.js';
import { repeat } from './repeat.js';
import { takeOverFromKilledWorkers, wakeDueQueues } from './wake-workers.js';
import { runMetrics } from './run-metrics.js';
import { startWorkers, type Work } from './work-on.js';

export interface JobsOptions {
  /** The app role's connection: it owns nothing and makes nothing. */
  readonly url: string;
  /** One entry per job of the app. A job without one is kept and becomes overdue. */
  readonly work: readonly Work[];
  /** All cron entries of the app: what another process of it had planned beside these is taken back. */
  readonly cron?: readonly CronEntry[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics?: Registry;
}

export interface Jobs {
  /** Takes no new job, waits up to 10 seconds for those that run, then gives them back to be run elsewhere. */
  stop(): Promise<void>;
  jobStats(): Promise<JobStats>;
  /** When each of the app's cron entries last succeeded, whichever replica ran it. */
  cronRuns(): Promise<CronRun[]>;
  /** Those that failed for good, the latest first; 100 if no limit is given. */
  failedJobs(limit?: number): Promise<FailedJob[]>;
  /** Runs a failed job once more, with all its tries. False when it is not among the failed ones. */
  retryFailedJob(id: string): Promise<boolean>;
}

/** Starts the workers. Throws when `migrateJobs` has not run, or ran with another version of pg-boss. */
export async function startJobs(options: JobsOptions): Promise<Jobs> {
  const boss = createBoss(options);
  try {
    await boss.start();
    return await startWork(boss, options);
  } catch (error) {
    await boss.stop({ graceful: false });
    throw error;
  }
}

async function startWork(boss: PgBoss, options: JobsOptions): Promise<Jobs> {
  const { clock, log, metrics, cron = [] } = options;
  const rows = rowsOf(boss.getDb());
  const queues = options.work.map((work) => work.job.name);
  const cronJobs = new Set(cron.map(({ job }) => job.name));
  const cronRuns = (): Promise<CronRun[]> => readCronRuns(rows, [...cronJobs]);
  const follow = followClock(rows, clock);
  const plan = planCron(boss, rows, cron, clock);
  // Before the first worker: the process may have been down while the clock was moved.
  await follow();
  await plan();
  const wake = await startWorkers(boss, {
    work: options.work,
    clock,
    log,
    ...(metrics ? { metrics: runMetrics(metrics, queues, cronJobs) } : {}),
    onSuccess: (job) => (cronJobs.has(job) ? rememberSuccess(rows, job) : Promise.resolve()),
  });
  const readState = async () => ({ stats: await readJobStats(rows), cronRuns: await cronRuns() });
  if (metrics) addJobMetrics(metrics, readState, periodsOf(boss, cron, clock.now()));

  const watch = repeat(
    async () => {
      await follow();
      await plan();
      await takeOverFromKilledWorkers(rows, queues);
      return wakeDueQueues(rows, queues, wake);
    },
    (error) => {
      log.warn({ err: error }, 'the jobs could not be looked through, which is tried again in a second');
    },
  );
  const forget = clock.onAdvance(watch.now);

  return {
    stop: async () => {
      forget();
      await watch.stop();
      await boss.stop({ graceful: true, timeout: 10_000 });
    },
    jobStats: () => readJobStats(rows),
    cronRuns,
    failedJobs: (limit = 100) => readFailedJobs(rows, limit),
    retryFailedJob: async (id) => (await boss.redrive(deadQueue, { ids: [id] })) > 0,
  };
}

function createBoss({ url, log }: JobsOptions): PgBoss {
  const boss = new PgBoss({
    connectionString: url,
    schema,
    application_name: 'jobs',
    max: 4,
    migrate: false,
    createSchema: false,
    schedule: false,
    // Replicas take turns at this: together with the heartbeat of 10 seconds, a killed worker's job moves on in time.
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
    maintenanceIntervalSeconds: 3_600,
    // Only the owner of the tables may rebuild an index.
    reindex: false,
    monitorVacuum: false,
    useListenNotify: true,
  });
  boss.on('error', (error: Error) => {
    log.error({ err: error }, 'the job queue reports an error');
  });
  boss.on('warning', ({ message }: { message: string }) => {
    log.warn({ reason: message }, 'the job queue reports a warning');
  });
  return boss;
}

// What is done for a job, and by how many at a time.
//
// pg-boss takes a job in one short transaction (it becomes active, with a lease that is refreshed while it runs) and
// finishes it in another; between the two no transaction is open and no row is locked, so a job may call a vendor.
import { setTimeout as delay } from 'node:timers/promises';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import { continueTrace, span, type Clock, type Logger } from '@caregraph/runtime';
import { entriesAlone, type Alone } from './alone.js';
import type { JobDefinition } from './define-job.js';
import type { StoredJob } from './enqueue.js';
import type { RunMetrics, RunOutcome } from './run-metrics.js';

export interface JobRun {
  readonly jobId: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Aborts when the job's time is up, when another worker has it, and when the process stops without waiting. */
  readonly signal: AbortSignal;
  /** The business clock's time, never before the job's own: use it to decide, and not the clock. */
  readonly now: Date;
  /** The time that the job was enqueued for; null when that was "at once". */
  readonly runAt: Date | null;
  /** Runs one entry of a sweep: its failure is logged and counted, and does not stop the rest (GW-018). */
  readonly alone: Alone;
}

export interface Work {
  readonly job: JobDefinition;
  readonly concurrency: number;
  readonly run: (data: unknown, run: JobRun) => Promise<void>;
}

/**
 * Says what runs for a job. Throwing means "try again later"; after the last try the job is among the failed ones.
 * A job can run more than once (a worker may die after the effect), so it decides by the app's own state.
 * `concurrency` is per process, 4 if left out.
 */
export function workOn<Data extends object>(
  job: JobDefinition<Data>,
  run: (data: Data, run: JobRun) => Promise<unknown>,
  { concurrency = 4 }: { concurrency?: number } = {},
): Work {
  return {
    job,
    concurrency,
    run: async (data, jobRun) => {
      await run(job.schema.parse(data), jobRun);
    },
  };
}

interface Surroundings {
  readonly work: readonly Work[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics?: RunMetrics;
  /** Told of each run that succeeded; what it throws is logged. */
  readonly onSuccess: (job: string) => Promise<unknown>;
}

/** Starts the workers of all queues. Returns how to wake those of one. */
export async function startWorkers(boss: PgBoss, around: Surroundings): Promise<(queue: string) => void> {
  const workers = new Map<string, string[]>();
  for (const work of around.work) {
    const ids: string[] = [];
    workers.set(work.job.name, ids);
    for (let index = 0; index < work.concurrency; index += 1) {
      ids.push(await startWorker(boss, work, around));
    }
  }
  return (queue) => {
    for (const id of workers.get(queue) ?? []) boss.notifyWorker(id);
  };
}

/** While the listening connection is lost pg-boss polls each second; else only NOTIFY and our own look wake it. */
const polling = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 30 };

async function startWorker(boss: PgBoss, work: Work, around: Surroundings): Promise<string> {
  const options = { ...polling, includeMetadata: true, heartbeatRefreshSeconds: 3 } as const;
  const id: string = await boss.work(work.job.name, options, async ([job]: JobWithMetadata<StoredJob>[]) => {
    if (!job) return;
    // Looks for the next one straight after this one, instead of at the next poll.
    boss.notifyWorker(id);
    await inTraceOf(job, () => runJob(work, job, around));
  });
  return id;
}

/** A job goes on with the trace of who enqueued it, however long ago that was; a cron entry begins one. */
const inTraceOf = (job: JobWithMetadata<StoredJob>, run: () => Promise<void>): Promise<void> =>
  continueTrace(job.data.traceparent, () =>
    span(
      `job ${job.name}`,
      {
        'caregraph.job.name': job.name,
        'caregraph.job.id': job.id,
        'caregraph.job.attempt': job.retryCount + 1,
      },
      run,
      { kind: 'consumer' },
    ),
  );

async function runJob(work: Work, job: JobWithMetadata<StoredJob>, around: Surroundings): Promise<void> {
  const { clock, log, metrics, onSuccess } = around;
  const fields = { jobName: job.name, jobId: job.id, attempt: job.retryCount + 1 };
  const runAt = job.data.runAt === null ? null : new Date(job.data.runAt);
  const alone = entriesAlone(log.child(fields), () => metrics?.itemFailed(job.name));
  const started = performance.now();
  const tell = (outcome: RunOutcome): void =>
    metrics?.ran(job.name, outcome, (performance.now() - started) / 1000);
  try {
    const now = await atOrAfter(clock, runAt, job.signal);
    await work.run(job.data.data, { ...fields, signal: job.signal, now, runAt, alone });
    tell('completed');
  } catch (error) {
    const last = job.retryCount >= job.retryLimit;
    tell(last ? 'failed' : 'retried');
    log[last ? 'error' : 'warn'](
      { ...fields, err: error },
      last ? 'a job failed for good' : 'a job failed and is tried again',
    );
    throw error;
  }
  await onSuccess(job.name).catch((error: unknown) => {
    log.warn({ ...fields, err: error }, 'the success of a job could not be noted');
  });
}

/**
 * A job must not decide by a time before its own, or a hold that expires now would be found unexpired and kept for
 * ever. The machines' clocks differ, so a small difference is waited for and a larger one is taken as passed.
 */
async function atOrAfter(clock: Clock, runAt: Date | null, signal: AbortSignal): Promise<Date> {
  if (runAt === null) return clock.now();
  const earlyMs = runAt.getTime() - clock.now().getTime();
  if (earlyMs > 0) await delay(Math.min(earlyMs, 2_000), undefined, { signal });
  return new Date(Math.max(clock.now().getTime(), runAt.getTime()));
}

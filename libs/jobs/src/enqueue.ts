// A job is put into its queue by the transaction that causes it: both are there, or neither is.
import type { EntityManager } from '@mikro-orm/postgresql';
import { traceparent } from '@caregraph/runtime';
import type { JobDefinition } from './define-job.js';
import { schema } from './job-tables.js';

export interface EnqueueOptions {
  /** When to run it, in the business clock's time. Left out: as soon as the transaction commits. */
  readonly runAt?: Date;
  /**
   * Makes it the only waiting one of its kind: a job with this key that waits, also one that waits for a retry, is
   * replaced, with its data and its time. One that is already running goes on.
   */
  readonly key?: string;
}

/** What is stored of a job: its data, the time it was asked for, and the trace of who asked for it. */
export interface StoredJob {
  readonly data: object;
  readonly runAt: string | null;
  readonly traceparent?: string;
}

/**
 * Enqueues a job in the caller's transaction; it is rolled back with it. Throws outside of a transaction, on data
 * that the job's schema refuses when read back from JSON, and when `migrateJobs` has not made the queue.
 * Needs READ COMMITTED, PostgreSQL's default: an older snapshot would not see what another transaction just replaced.
 */
export async function enqueue<Data extends object>(
  em: EntityManager,
  job: JobDefinition<Data>,
  data: Data,
  options: EnqueueOptions = {},
): Promise<void> {
  assertTransaction(em, job.name);
  job.schema.parse(JSON.parse(JSON.stringify(data)));
  const trace = traceparent();
  const runAt = options.runAt?.toISOString() ?? null;
  const stored: StoredJob = { data, runAt, ...(trace === undefined ? {} : { traceparent: trace }) };
  await em.execute(`select ${schema}.enqueue_job(?, ?::jsonb, ?, ?::timestamptz, 'replace')`, [
    job.name,
    JSON.stringify(stored),
    options.key ?? null,
    stored.runAt,
  ]);
}

/** Takes back a job that waits, also for a retry, in the caller's transaction. One that is running goes on. */
export async function cancelJob(
  em: EntityManager,
  job: Pick<JobDefinition, 'name'>,
  key: string,
): Promise<void> {
  assertTransaction(em, job.name);
  await em.execute(`select ${schema}.cancel_job(?, ?)`, [job.name, key]);
}

function assertTransaction(em: EntityManager, name: string): void {
  if (!em.isInTransaction()) throw new Error(`Jobs are enqueued and cancelled in a transaction ("${name}").`);
}

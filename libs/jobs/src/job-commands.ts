// What an operator does about jobs from a command line: the running app acts on each decision at once.
import { PgBoss } from 'pg-boss';
import { Refusal } from '@caregraph/contracts';
import { readFailedJobs, readJobStats, type JobStats } from './job-reports.js';
import { clockTable, deadQueue, jobTable, rowsOf, schema, type Rows } from './job-tables.js';

/** FAILED jobs failed for good; HELD ones wait until they are released. */
export type JobState = 'WAITING' | 'RETRY' | 'HELD' | 'RUNNING' | 'FAILED';

export interface ListedJob {
  readonly id: string;
  readonly job: string;
  readonly state: JobState;
  /** When it runs, in the business clock's time; null where it is held, runs or failed. */
  readonly dueAt: Date | null;
  readonly key: string | null;
  /** Tries so far. */
  readonly attempts: number;
  /** Ids only. */
  readonly data: unknown;
  /** What went wrong at the last try. */
  readonly reason: string | null;
}

export class JobNotFound extends Refusal {
  readonly code = 'JOB_NOT_FOUND';
  readonly message = 'No job with this id is in the state that the command needs.';
}

/** The app has no jobs, or its database was not migrated yet. */
export class NoJobs extends Error {
  override readonly name = 'NoJobs';
  override readonly message = 'This app has no jobs.';
}

export interface JobCommands {
  stats(): Promise<JobStats>;
  /** What runs, then what waits by its time, then what failed; at most `limit`, 100 when left out. */
  list(limit?: number): Promise<ListedJob[]>;
  /** Runs a waiting or held job now; a timer's job decides as of its own time, so it does now what it would do then. */
  advance(id: string): Promise<JobNotFound | undefined>;
  /** Keeps a waiting job from running, until it is released or a newer one of its key replaces it. */
  hold(id: string): Promise<JobNotFound | undefined>;
  /** Lets a held job run at its own time, or at once if that has passed. */
  release(id: string): Promise<JobNotFound | undefined>;
  /** Runs a job that failed for good once more, with all its tries. */
  retry(id: string): Promise<JobNotFound | undefined>;
  close(): Promise<void>;
}

/** @param url the app role's connection: it makes nothing. Throws NoJobs where `migrateJobs` has not run. */
export async function openJobCommands(url: string): Promise<JobCommands> {
  const boss = new PgBoss({
    connectionString: url,
    schema,
    application_name: 'job commands',
    max: 2,
    migrate: false,
    createSchema: false,
    schedule: false,
    supervise: false,
  });
  // The call in flight reports it anyway; without a listener an error of an idle connection would end the process.
  boss.on('error', () => undefined);
  try {
    await boss.start();
  } catch (error) {
    await boss.stop({ graceful: false });
    throw error instanceof Error && error.message === 'pg-boss is not installed' ? new NoJobs() : error;
  }
  const rows = rowsOf(boss.getDb());
  const change = async (sql: string, id: string): Promise<JobNotFound | undefined> =>
    (await rows.query(sql, [id])).length > 0 ? undefined : new JobNotFound();
  return {
    stats: () => readJobStats(rows),
    list: (limit = 100) => list(rows, limit),
    advance: (id) => change(advancing, id),
    hold: (id) => change(holding, id),
    release: (id) => change(releasing, id),
    retry: async (id) =>
      isUuid(id) && (await boss.redrive(deadQueue, { ids: [id] })) > 0 ? undefined : new JobNotFound(),
    close: () => boss.stop({ graceful: false }),
  };
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

async function list(rows: Rows, limit: number): Promise<ListedJob[]> {
  const open = await rows.query<ListedJob>(listing, [deadQueue, limit]);
  const failed = await readFailedJobs(rows, limit);
  return [
    ...open,
    ...failed.map(({ id, jobName, key, attempts, data, reason }): ListedJob => {
      return { id, job: jobName, state: 'FAILED', dueAt: null, key, attempts, data, reason };
    }),
  ].slice(0, limit);
}

/** A held job waits for a day that never comes; moving the clock by years leaves it beyond. */
const heldFrom = `timestamptz '9000-01-01'`;
const heldUntil = `timestamptz '9999-01-01'`;

const listing = `
  select job.id, job.name as job, job.singleton_key as key, job.retry_count as attempts, job.data->'data' as data,
    case when state = 'active' then 'RUNNING' when start_after >= ${heldFrom} then 'HELD'
         when state = 'retry' then 'RETRY' else 'WAITING' end as state,
    case when state < 'active' and start_after < ${heldFrom} then start_after + clock.offset_ms * interval '1 ms' end as "dueAt",
    coalesce(output->>'message', output->'value'->>'message') as reason
  from ${jobTable} job, ${clockTable} clock
  where state <= 'active' and job.name <> $1
  order by state desc, start_after limit $2`;

const waiting = `id::text = $1 and state < 'active' and name <> '${deadQueue}'`;

/** The channel that the workers listen on; they poll besides. */
const announced = `returning pg_notify('pgboss_' || left(encode(sha224('${schema}'), 'hex'), 24), name)`;

const advancing = `update ${jobTable} set start_after = now() where ${waiting} ${announced}`;

const holding = `update ${jobTable} set start_after = ${heldUntil} where ${waiting} returning id`;

/** The time it was asked for stands in its data; "at once" has passed. */
const releasing = `
  update ${jobTable} set start_after = greatest(now(), coalesce(
    (data->>'runAt')::timestamptz - clock.offset_ms * interval '1 ms', now()))
  from ${clockTable} clock where ${waiting} and start_after >= ${heldFrom} ${announced}`;

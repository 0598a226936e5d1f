// What an operator wants to know of the jobs: how many wait, what is late, what failed for good.
import { deadQueue, jobTable, type Rows } from './job-tables.js';

export interface JobStats {
  /** Waiting, whether due or not, retries too. */
  readonly queued: number;
  readonly running: number;
  /** Waiting although their time has come. */
  readonly overdue: number;
  /** How late the oldest of them is, in seconds; 0 when none is. */
  readonly oldestOverdueSeconds: number;
  /** Failed for good and not looked after yet. */
  readonly failed: number;
}

export interface FailedJob {
  /** Names it for `retryFailedJob`. */
  readonly id: string;
  readonly jobName: string;
  /** The job's own id, as its log lines have it. */
  readonly jobId: string;
  readonly data: unknown;
  readonly key: string | null;
  readonly attempts: number;
  readonly reason: string;
  readonly failedAt: Date;
}

export async function readJobStats(rows: Rows): Promise<JobStats> {
  const [stats] = await rows.query<JobStats>(
    `select count(*) filter (where state < 'active' and name <> $1)::int as queued,
       count(*) filter (where state = 'active')::int as running,
       count(*) filter (where state < 'active' and name <> $1 and start_after <= now())::int as overdue,
       coalesce(extract(epoch from now() - min(start_after)
         filter (where state < 'active' and name <> $1 and start_after <= now())), 0)::float8 as "oldestOverdueSeconds",
       count(*) filter (where name = $1)::int as failed
     from ${jobTable} where state <= 'active'`,
    [deadQueue],
  );
  if (!stats) throw new Error('An aggregate answers with one row.');
  return stats;
}

/** The latest first. */
export function readFailedJobs(rows: Rows, limit: number): Promise<FailedJob[]> {
  return rows.query<FailedJob>(
    `select id, source_name as "jobName", source_id as "jobId", data->'data' as data, singleton_key as key,
       source_retry_count + 1 as attempts, created_on as "failedAt",
       coalesce(source_output->>'message', source_output->'value'->>'message', source_output::text, '') as reason
     from ${jobTable} where name = $1 and state < 'active' order by created_on desc limit $2`,
    [deadQueue, limit],
  );
}

// Starts jobs at their time. pg-boss polls once a second per worker, which is a few hundred queries a second on a
// laptop with all apps; instead one question a second per process asks for every queue when its next job is due, and
// the workers of those that are, are woken then. Work due at once wakes them by NOTIFY, without waiting for this.
import { jobTable, type Rows } from './job-tables.js';

const longestWaitMs = 1_000;

/** Wakes the queues that have a job due. Answers how long to wait until the next look, in milliseconds. */
export async function wakeDueQueues(
  rows: Rows,
  queues: readonly string[],
  wake: (queue: string) => void,
): Promise<number> {
  const next = await rows.query<{ name: string; dueInMs: number | null }>(
    `select queue.name, extract(epoch from min(job.start_after) - now())::float8 * 1000 as "dueInMs"
     from unnest($1::text[]) as queue(name)
     left join lateral (
       select start_after from ${jobTable} where name = queue.name and state < 'active' order by start_after limit 1
     ) as job on true
     group by queue.name`,
    [queues],
  );
  let waitMs = longestWaitMs;
  for (const { name, dueInMs } of next) {
    if (dueInMs === null) continue;
    if (dueInMs <= 0) wake(name);
    else waitMs = Math.min(waitMs, dueInMs);
  }
  return waitMs;
}

/**
 * Makes a killed worker's jobs due at once. pg-boss notices the missing heartbeat and treats it as a failed try, with
 * the job's back-off; but nothing is known to be wrong with the job, so it need not wait. The try still counts: a job
 * that kills its process ends among the failed ones.
 */
export async function takeOverFromKilledWorkers(rows: Rows, queues: readonly string[]): Promise<void> {
  await rows.query(
    `update ${jobTable} set start_after = now()
     where name = any($1) and state = 'retry' and state < 'active'
       and start_after > now() and start_after < now() + interval '1 hour'
       and output->'value'->>'message' = 'job heartbeat timeout'`,
    [queues],
  );
}

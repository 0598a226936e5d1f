// The statements that put, take back and move waiting jobs, as functions in the database: each step of theirs sees
// what was committed before it began, so a lock taken in one step holds for the next, in a single round trip.
//
// The insert is ours and not pg-boss's `send`, for two reasons: `send` needs a started instance with timers and a
// queue cache, which a use case has no business owning, and the run time must become the database's time in the step
// that stores it (see `follow-clock.ts`).
import { clockTable, jobTable, schema } from './job-tables.js';

/** Advisory lock: shared by who enqueues, exclusive by who moves the clock, so no job is stored in between. */
const clockLock = '727002, 1';

/** Makes those who write the same job and key take turns, so that the later one finds what the earlier one stored. */
const keyLock = `pg_advisory_xact_lock(hashtextextended(job_name || ' ' || job_key, 727002))`;

const removeWaiting = `delete from ${jobTable} where name = job_name and singleton_key = job_key and state < 'active'`;

/** Same order of locks everywhere: the clock's, then the key's. */
const locks = `
    perform pg_advisory_xact_lock_shared(${clockLock});
    if job_key is not null then perform ${keyLock}; end if;`;

/** `if_known` says what becomes of an earlier job with the same key: 'replace' it while it waits, or 'keep' it. */
const enqueueJob = `
create or replace function ${schema}.enqueue_job(
  job_name text, content jsonb, job_key text, run_at timestamptz, if_known text
) returns void language plpgsql as $$
declare
  due timestamptz;
begin${locks}
  if if_known = 'keep' and exists (select from ${jobTable} where name = job_name and singleton_key = job_key) then
    return;
  end if;
  ${removeWaiting};
  select coalesce(run_at - offset_ms * interval '1 ms', now()) into strict due from ${clockTable};
  insert into ${jobTable} (name, data, singleton_key, start_after, keep_until, expire_seconds, deletion_seconds,
    retry_limit, retry_delay, retry_backoff, retry_delay_max, policy, dead_letter, heartbeat_seconds)
  select queue.name, content, job_key, due, due + retention_seconds * interval '1 s', expire_seconds, deletion_seconds,
    retry_limit, retry_delay, retry_backoff, retry_delay_max, policy, dead_letter, heartbeat_seconds
  from ${schema}.queue where queue.name = job_name;
  if not found then
    raise exception 'The job "%" has no queue: pass it to migrateJobs.', job_name;
  end if;
  -- The channel that pg-boss listens on; delivered when the caller commits.
  if due <= now() then
    perform pg_notify('pgboss_' || left(encode(sha224('${schema}'), 'hex'), 24), job_name);
  end if;
end $$;`;

const cancelJob = `
create or replace function ${schema}.cancel_job(job_name text, job_key text) returns void language plpgsql as $$
begin${locks}
  ${removeWaiting};
end $$;`;

/** Moves what waits by the difference, once, whoever calls it and however often. */
const moveClock = `
create or replace function ${schema}.move_clock(target_ms bigint, tolerance_ms bigint) returns void
language plpgsql as $$
declare
  jump interval;
begin
  perform pg_advisory_xact_lock(${clockLock});
  select (target_ms - offset_ms) * interval '1 ms' into jump from ${clockTable}
  where abs(target_ms - offset_ms) > tolerance_ms;
  if not found then
    return;
  end if;
  update ${clockTable} set offset_ms = target_ms;
  update ${jobTable} set start_after = start_after - jump, keep_until = keep_until - jump where state < 'active';
end $$;`;

export const jobFunctions = enqueueJob + cancelJob + moveClock;

// Jobs that come again and again. Each occurrence is an ordinary durable job, enqueued as soon as the one before it is
// past, so it follows the business clock, is retried, and is seen like any other. pg-boss's own scheduler does not
// follow our clock.
import type { PgBoss } from 'pg-boss';
import type { Clock } from '@caregraph/runtime';
import { rememberEntries } from './cron-runs.js';
import type { JobDefinition } from './define-job.js';
import type { StoredJob } from './enqueue.js';
import { jobTable, schema, type Rows } from './job-tables.js';

export interface CronEntry {
  readonly job: JobDefinition;
  /** Five fields: minute, hour, day of month, month, day of week. */
  readonly cron: string;
  /** IANA name of the zone whose wall clock the fields speak of. */
  readonly timeZone: string;
  /** What the job gets; `{}` if left out. */
  readonly data?: object;
}

/**
 * Returns what to call at least once a minute: it enqueues the next occurrence of each entry unless it is there.
 * Throws on an unreadable expression or zone, and on data that the job's schema refuses. While no process runs, or
 * when the clock jumps, the one occurrence that waits runs once, and those after it are left out.
 */
export function planCron(
  boss: PgBoss,
  rows: Rows,
  entries: readonly CronEntry[],
  clock: Clock,
): () => Promise<void> {
  const plans = entries.map((entry) => {
    entry.job.schema.parse(entry.data ?? {});
    occurrenceAfter(boss, entry, clock.now());
    return { entry, from: 0, until: 0 };
  });
  let cleared = false;
  return async () => {
    if (!cleared) {
      await removeForeignOccurrences(rows, entries);
      await rememberEntries(
        rows,
        entries.map(({ job }) => job.name),
      );
    }
    cleared = true;
    const now = clock.now();
    for (const plan of plans) {
      // Within the span of the last look nothing has come round; a clock set back leaves the span too.
      if (now.getTime() >= plan.from && now.getTime() < plan.until) continue;
      const next = occurrenceAfter(boss, plan.entry, now);
      await enqueueOccurrence(rows, plan.entry, next);
      plan.from = now.getTime();
      plan.until = next.getTime();
    }
  };
}

function occurrenceAfter(boss: PgBoss, entry: CronEntry, from: Date): Date {
  const [next] = boss.previewSchedule(entry.cron, { tz: entry.timeZone, from, count: 1 });
  if (!next) throw new Error(`The cron entry "${entry.cron}" of "${entry.job.name}" never comes round.`);
  return next;
}

/** The longest pause between two of the next occurrences of each entry, in seconds, by job. */
export function periodsOf(
  boss: PgBoss,
  entries: readonly CronEntry[],
  from: Date,
): ReadonlyMap<string, number> {
  return new Map(
    entries.map(({ job, cron, timeZone }): [string, number] => {
      const times = boss
        .previewSchedule(cron, { tz: timeZone, from, count: 8 })
        .map((time) => time.getTime());
      const pauses = times.slice(1).map((time, index) => time - (times[index] ?? time));
      return [job.name, Math.max(0, ...pauses) / 1000];
    }),
  );
}

const keyOf = ({ cron, timeZone }: CronEntry): string => `@cron ${cron} ${timeZone}`;

/** One occurrence is one job, however many replicas plan it: the key names it, and finished ones count too. */
async function enqueueOccurrence(rows: Rows, entry: CronEntry, at: Date): Promise<void> {
  const runAt = at.toISOString();
  const stored: StoredJob = { data: entry.data ?? {}, runAt };
  await rows.query(`select ${schema}.enqueue_job($1, $2, $3, $4, 'keep')`, [
    entry.job.name,
    JSON.stringify(stored),
    `${keyOf(entry)} ${runAt}`,
    runAt,
  ]);
}

/** An entry that a release has changed or dropped leaves its next occurrence behind. */
async function removeForeignOccurrences(rows: Rows, entries: readonly CronEntry[]): Promise<void> {
  await rows.query(
    `delete from ${jobTable} where state = 'created' and singleton_key like '@cron %'
       and name || ' ' || regexp_replace(singleton_key, ' [^ ]+$', '') <> all($1)`,
    [entries.map((entry) => `${entry.job.name} ${keyOf(entry)}`)],
  );
}

// When each cron entry last succeeded, kept in the database: every replica tells the same, and a restart forgets nothing.
// In the machine's time, which is what monitoring compares it with.
import { cronTable, type Rows } from './job-tables.js';

export interface CronRun {
  readonly job: string;
  /** When it was first planned, if it has not succeeded yet. */
  readonly lastSuccess: Date;
  readonly secondsSinceSuccess: number;
}

/** An entry that has never run is as old as its first plan. */
export const rememberEntries = (rows: Rows, jobs: readonly string[]): Promise<unknown> =>
  rows.query(`insert into ${cronTable} (job) select unnest($1::text[]) on conflict do nothing`, [[...jobs]]);

export const rememberSuccess = (rows: Rows, job: string): Promise<unknown> =>
  rows.query(`update ${cronTable} set succeeded_at = now() where job = $1`, [job]);

/** Of these jobs; entries that a release dropped are left out. */
export const readCronRuns = (rows: Rows, jobs: readonly string[]): Promise<CronRun[]> =>
  rows.query<CronRun>(
    `select job, succeeded_at as "lastSuccess",
       greatest(0, extract(epoch from now() - succeeded_at))::float8 as "secondsSinceSuccess"
     from ${cronTable} where job = any($1)`,
    [[...jobs]],
  );

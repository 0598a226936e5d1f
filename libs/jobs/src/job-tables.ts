// Where jobs lie in PostgreSQL. pg-boss owns the tables; statements of ours that touch them stand in this library
// only, and pg-boss is pinned exactly, because they rely on its columns.
import type { PgBoss } from 'pg-boss';

/** The schema that pg-boss keeps its tables in. */
export const schema = 'jobs';

/** All our queues share this partition of pg-boss's job table. */
export const jobTable = `${schema}.job_common`;

/** One row: how far the business clock is ahead of the machine's, as the waiting jobs were last moved to. */
export const clockTable = `${schema}.clock_offset`;

/** One row per cron entry: when it last succeeded. */
export const cronTable = `${schema}.cron_run`;

/** Jobs that failed for good wait here, for a person. */
export const deadQueue = 'dead-jobs';

export interface Rows {
  query<Row>(sql: string, values?: unknown[]): Promise<Row[]>;
}

/** pg-boss's own connections, so that an app opens one pool for its jobs and not two. */
export function rowsOf(database: ReturnType<PgBoss['getDb']>): Rows {
  return {
    query: async <Row>(sql: string, values?: unknown[]) =>
      (await database.executeSql(sql, values)).rows as Row[],
  };
}

// What an operator wants to know of an outbox: what has not left it, topic by topic.
import type { MikroORM } from '@mikro-orm/postgresql';

export interface OutboxTopic {
  readonly topic: string;
  /** Events that wait to be published. */
  readonly waiting: number;
  /** Age of the oldest of them in whole seconds; 0 when none waits. */
  readonly oldestSeconds: number;
  /** When the last event left; null when none has within the days that rows are kept. */
  readonly lastPublishedAt: Date | null;
}

/** @param now the business clock's time, by which events are dated. */
export async function readOutbox(orm: MikroORM, now: Date): Promise<OutboxTopic[]> {
  const rows = await orm.em
    .fork()
    .execute<(Omit<OutboxTopic, 'lastPublishedAt'> & { last: string | Date | null })[]>(
      `select aggregatetype as topic, count(*) filter (where published_at is null)::int as waiting,
       greatest(0, coalesce(extract(epoch from ?::timestamptz - min(created_at) filter (where published_at is null)), 0))::int
         as "oldestSeconds",
       max(published_at) as last
     from outbox group by 1 order by 1`,
      [now.toISOString()],
    );
  return rows.map(({ last, ...row }) => ({ ...row, lastPublishedAt: last === null ? null : new Date(last) }));
}

// The embedded event log: what carries events on a laptop and in tests, where Kafka does so in production.
import pg from 'pg';
import type { Logger } from '@caregraph/runtime';
import type { EventRecord, EventTransport } from '../event-transport.js';
import { joinGroup } from './group-member.js';

export interface PostgresTransportOptions {
  /** The event log's database, as a role that reads and writes rows. */
  readonly url: string;
  readonly log: Logger;
  /** For topics that are new; a topic keeps the number it began with. 4 when left out. */
  readonly partitions?: number;
  /** How long a lost notification or a dead member may go unnoticed, in milliseconds; 1 second when left out. */
  readonly pollMs?: number;
}

const keptFor = '7 days';
const pruneEveryMs = 3_600_000;

/** Opens the event log. `migrateEventLog` has made its tables. */
export function postgresTransport(options: PostgresTransportOptions): EventTransport {
  const { log, partitions = 4 } = options;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: 4,
    application_name: 'caregraph event log',
  });
  pool.on('error', (error) => {
    log.warn({ err: error }, 'an idle connection to the event log broke');
  });
  const members = new Set<{ close(): Promise<void> }>();
  const pruneNow = (): void => {
    prune(pool).catch((error: unknown) => {
      log.warn({ err: error }, 'the event log could not be pruned');
    });
  };
  const pruning = setInterval(pruneNow, pruneEveryMs).unref();
  pruneNow();

  return {
    append: (records) => append(pool, records, partitions),
    subscribe: async (subscription) => {
      await pool.query('select create_event_topics($1, $2)', [subscription.topics, partitions]);
      const member = joinGroup({ ...options, ...subscription, pool });
      members.add(member);
      await member.started;
      return {
        close: async () => {
          members.delete(member);
          await member.close();
        },
      };
    },
    lag: (group, topics) => lag(pool, group, topics),
    seek: (group, position) => seek(pool, group, position),
    close: async () => {
      clearInterval(pruning);
      await Promise.all([...members].map((member) => member.close()));
      await pool.end();
    },
  };
}

async function append(pool: pg.Pool, records: readonly EventRecord[], partitions: number): Promise<void> {
  if (records.length === 0) return;
  await pool.query('select append_events($1::text[], $2::text[], $3::jsonb[], $4)', [
    records.map((record) => record.topic),
    records.map((record) => record.key),
    records.map((record) => JSON.stringify(record.envelope)),
    partitions,
  ]);
}

async function lag(pool: pg.Pool, group: string, topics: readonly string[]): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ topic: string; lag: number }>(
    `select p.topic, sum(p.next_offset - coalesce(o.next_offset, 0))::float8 as lag
       from event_partition p
       left join event_offset o on o.group_name = $1 and o.topic = p.topic and o.partition = p.partition
      where p.topic = any($2) group by p.topic`,
    [group, topics],
  );
  return Object.fromEntries(rows.map((row) => [row.topic, row.lag]));
}

/** The members commit by compare-and-set, so the batch under way cannot undo this; then they read it. */
async function seek(
  pool: pg.Pool,
  group: string,
  position: Parameters<EventTransport['seek']>[1],
): Promise<void> {
  await pool.query(
    `insert into event_offset (group_name, topic, partition, next_offset) values ($1, $2, $3, $4)
     on conflict (group_name, topic, partition) do update set next_offset = excluded.next_offset`,
    [group, position.topic, position.partition, position.offset],
  );
  await pool.query(`select pg_notify('event_group', '')`);
}

/**
 * Removes what is old, but keeps the newest event of each key: events carry whole state, so a group that is new still
 * learns of everything that exists.
 */
async function prune(pool: pg.Pool): Promise<void> {
  await pool.query(
    `delete from event_log old where appended_at < now() - interval '${keptFor}' and exists (
       select 1 from event_log newer
        where newer.topic = old.topic and newer.key = old.key and newer.log_offset > old.log_offset)`,
  );
}

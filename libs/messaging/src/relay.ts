// Carries the outbox into the event log. Rows are marked when published: ids are given before transactions commit, so
// a reader that only looked past the last id would skip rows that commit late.
import type { MikroORM } from '@mikro-orm/postgresql';
import type { EventEnvelope } from '@caregraph/contracts';
import type { Clock, Logger } from '@caregraph/runtime';
import type { EventTransport } from './event-transport.js';
import { databaseUrl, until } from './database.js';
import { inRelayOf } from './event-traces.js';
import type { Notice } from './notices.js';
import { startWatch, type Session } from './watch.js';

export interface RelayOptions {
  readonly orm: MikroORM;
  readonly transport: EventTransport;
  readonly log: Logger;
  readonly clock: Clock;
  /** What the app's replicas are told of a published batch (`listenForNotices`); marking and telling are one step. */
  readonly announce?: ((envelopes: readonly EventEnvelope[]) => readonly Notice[]) | undefined;
  /**
   * Called for each published batch, in order, after it was marked: for figures of this process, which a crash ends
   * anyway. What must not be lost is announced. What it throws is logged and stops nothing.
   */
  readonly onPublished?: (envelopes: readonly EventEnvelope[]) => void | Promise<void>;
  /** How long a lost notification may go unnoticed, in milliseconds; 1 second when left out. */
  readonly pollMs?: number;
}

export interface OutboxStats {
  /** Events that wait to be published. */
  readonly outboxDepth: number;
  /** Age of the oldest of them in seconds; 0 when none waits. */
  readonly outboxOldestAgeSeconds: number;
}

export interface Relay {
  /** Resolves when nothing is unpublished, whichever relay published it. */
  drain(): Promise<void>;
  stats(): Promise<OutboxStats>;
  /** Ends after the batch under way; another process's relay may take over at once. */
  stop(): Promise<void>;
}

const batchSize = 500;
const keptFor = '7 days';
const purgeEveryMs = 3_600_000;

/** Starts the relay of an app's database. Of several, one works and the others stand by. */
export function startRelay(options: RelayOptions): Relay {
  const { orm, clock } = options;
  let active = false;
  let purgedAt = -purgeEveryMs;

  const turn = async (session: Session): Promise<void> => {
    active ||= await becomeActive(session);
    if (!active) return;
    while (!session.signal.aborted && (await publishBatch(session, options)) === batchSize);
    if (performance.now() - purgedAt < purgeEveryMs) return;
    purgedAt = performance.now();
    await session.query(`delete from outbox where published_at < $1::timestamptz - interval '${keptFor}'`, [
      clock.now(),
    ]);
  };
  const watch = startWatch({
    url: databaseUrl(orm),
    name: 'caregraph relay',
    channels: ['outbox'],
    log: options.log,
    pollMs: options.pollMs,
    turn,
    closing: () => {
      active = false;
      return Promise.resolve();
    },
  });

  const stats = (): Promise<OutboxStats> => outboxStats(orm, clock.now());
  return {
    stats,
    drain: () => until(async () => (await stats()).outboxDepth === 0),
    stop: () => watch.stop(),
  };
}

/** One relay per database, or two would publish a key's events in turns. The lock ends with the connection. */
async function becomeActive(session: Session): Promise<boolean> {
  const { rows } = await session.query<{ locked: boolean }>(
    `select pg_try_advisory_lock(hashtextextended('caregraph relay', 0)) as locked`,
  );
  return rows[0]?.locked ?? false;
}

interface OutboxRow {
  id: string;
  aggregatetype: string;
  aggregateid: string;
  payload: EventEnvelope;
}

/** Publishes the oldest rows. A crash between the two steps publishes them again, and the inbox drops the second. */
async function publishBatch(session: Session, options: RelayOptions): Promise<number> {
  const { transport, log, onPublished } = options;
  const { rows } = await session.query<OutboxRow>(
    `select id, aggregatetype, aggregateid, payload from outbox where published_at is null order by seq limit $1`,
    [batchSize],
  );
  if (rows.length === 0) return 0;
  const envelopes = rows.map((row) => row.payload);
  await inRelayOf(envelopes, () =>
    transport.append(
      rows.map((row) => ({ topic: row.aggregatetype, key: row.aggregateid, envelope: row.payload })),
    ),
  );
  await mark(session, options, rows);
  try {
    await onPublished?.(envelopes);
  } catch (error) {
    log.error({ err: error, count: rows.length }, 'the hook after publishing failed');
  }
  return rows.length;
}

/**
 * Marks the batch and tells of it in one statement. Nobody polls for notices: one that were told after the marking would
 * be lost with a process that ends in between, and who watches would see the old state until the next change.
 */
async function mark(
  session: Session,
  { clock, log, announce }: RelayOptions,
  rows: readonly OutboxRow[],
): Promise<void> {
  let notices: readonly Notice[] = [];
  try {
    notices = announce?.(rows.map((row) => row.payload)) ?? [];
  } catch (error) {
    // Else a batch that cannot be put into words would never leave.
    log.error({ err: error, count: rows.length }, 'a published batch could not be announced');
  }
  await session.query(
    `with marked as (update outbox set published_at = $1 where id = any($2::uuid[]))
     select pg_notify(channel, text) from unnest($3::text[], $4::text[]) notice(channel, text)`,
    [
      clock.now(),
      rows.map(({ id }) => id),
      notices.map(({ channel }) => channel),
      notices.map(({ text }) => text),
    ],
  );
}

async function outboxStats(orm: MikroORM, now: Date): Promise<OutboxStats> {
  const [row] = await orm.em.fork().execute<{ depth: number; age: number }[]>(
    `select count(*)::int as depth,
              coalesce(extract(epoch from ?::timestamptz - min(created_at)), 0)::float8 as age
         from outbox where published_at is null`,
    [now.toISOString()],
  );
  return { outboxDepth: row?.depth ?? 0, outboxOldestAgeSeconds: Math.max(0, row?.age ?? 0) };
}

// Acts on commands about dead letters, in the app that can run the events.
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { EventEnvelope } from '@caregraph/contracts';
import { failSpan, type Clock, type Logger } from '@caregraph/runtime';
import type { Consumer } from './consumer.js';
import { databaseUrl } from './database.js';
import { inTraceOf } from './event-traces.js';
import { reasonOf, type Delivery, type Failure } from './delivery.js';
import { startWatch, type Watch } from './watch.js';

export interface ReplayOptions<Deps> {
  readonly group: string;
  readonly orm: MikroORM;
  readonly log: Logger;
  readonly clock: Clock;
  readonly delivery: Delivery<Deps>;
  readonly byType: ReadonlyMap<string, Consumer<Deps>>;
}

interface ParkedKey {
  readonly topic: string;
  readonly key: string;
}

interface OpenLetter {
  readonly id: string;
  readonly payload: EventEnvelope;
}

const seenFor = '30 days';
const purgeEveryMs = 3_600_000;

/** Runs parked keys again when asked to, and clears away what the inbox no longer needs to know. */
export function startReplays<Deps>(options: ReplayOptions<Deps>): Watch {
  let purgedAt = -purgeEveryMs;
  return startWatch({
    url: databaseUrl(options.orm),
    name: `caregraph replays ${options.group}`,
    channels: ['dead_letter'],
    log: options.log,
    turn: async ({ signal }) => {
      for (const key of await requestedKeys(options)) await replayKey(options, key, signal);
      if (performance.now() - purgedAt < purgeEveryMs) return;
      purgedAt = performance.now();
      await purge(options);
    },
  });
}

/**
 * Keys whose parked event is to run again, and keys that lost it by a replay or a skip: what waited behind it goes on
 * even if the process died in between.
 */
const requestedKeys = ({ orm, group }: { orm: MikroORM; group: string }): Promise<ParkedKey[]> =>
  orm.em.fork().execute<ParkedKey[]>(
    `select topic, key from (
       select distinct on (topic, key) topic, key, status, replay_requested_at from dead_letter
        where group_name = ? and status in ('PARKED', 'WAITING') order by topic, key, seq) first
      where status = 'WAITING' or replay_requested_at is not null`,
    [group],
  );

/** Runs the key's open events in order, until none is left or one fails: that one is parked then. */
async function replayKey<Deps>(
  options: ReplayOptions<Deps>,
  key: ParkedKey,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const letter = await firstOpen(options.orm.em.fork(), options.group, key);
    if (!letter) return;
    const failed = await inTraceOf(letter.payload, options.group, async () => {
      const failure = await replayLetter(options, key, letter, signal);
      if (failure) await parkAgain(options, letter, failure);
      return failure !== undefined;
    });
    if (failed) return;
  }
}

async function replayLetter<Deps>(
  { group, log, clock, delivery, byType }: ReplayOptions<Deps>,
  key: ParkedKey,
  letter: OpenLetter,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const { id: eventId, type: eventType } = letter.payload;
  const consumer = byType.get(eventType);
  if (!consumer) return { error: new Error('The app has no consumer of this event any more.'), attempts: 0 };
  return delivery.attempt(consumer, letter.payload, signal, async (em, run) => {
    // Locked and read again: another replica may have been faster, or an operator may have skipped it.
    const first = await firstOpen(em, group, key, 'for update');
    if (first?.id !== letter.id) return;
    await run();
    await em.execute(
      `update dead_letter set status = 'REPLAYED', resolved_at = ?::timestamptz where id = ?`,
      [clock.now().toISOString(), letter.id],
    );
    log.info(
      { group, eventId, eventType, key: key.key, deadLetterId: letter.id },
      'a dead letter was replayed',
    );
  });
}

async function firstOpen(
  em: EntityManager,
  group: string,
  { topic, key }: ParkedKey,
  lock = '',
): Promise<OpenLetter | undefined> {
  const [letter] = await em.execute<OpenLetter[]>(
    `select id, payload from dead_letter
      where group_name = ? and topic = ? and key = ? and status in ('PARKED', 'WAITING') order by seq limit 1 ${lock}`,
    [group, topic, key],
  );
  return letter;
}

async function parkAgain<Deps>(
  { orm, group, log }: ReplayOptions<Deps>,
  letter: OpenLetter,
  failure: Failure,
): Promise<void> {
  failSpan(failure.error);
  await orm.em.fork().execute(
    `update dead_letter
        set status = 'PARKED', attempts = attempts + ?, reason = ?, replay_requested_at = null
      where id = ? and status in ('PARKED', 'WAITING')`,
    [failure.attempts, reasonOf(failure), letter.id],
    'run',
  );
  const { id: eventId, type: eventType } = letter.payload;
  log.error(
    { err: failure.error, group, eventId, eventType, deadLetterId: letter.id },
    'a replayed key is parked again',
  );
}

/** The log keeps an event for 7 days, so none that is forgotten here can come again unless somebody seeks back. */
async function purge<Deps>({ orm, group, clock }: ReplayOptions<Deps>): Promise<void> {
  const now = clock.now().toISOString();
  const em = orm.em.fork();
  await em.execute(
    `delete from inbox where group_name = ? and processed_at < ?::timestamptz - interval '${seenFor}'`,
    [group, now],
    'run',
  );
  await em.execute(
    `delete from dead_letter where group_name = ? and resolved_at < ?::timestamptz - interval '${seenFor}'`,
    [group, now],
    'run',
  );
}

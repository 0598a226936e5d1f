// What an operator does about parked keys, from within the app or from a command line: each decision is a mark in the
// table, and the running app acts on it at once.
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { Refusal } from '@caregraph/contracts';

export interface DeadLetter {
  readonly id: string;
  readonly group: string;
  readonly topic: string;
  readonly key: string;
  readonly eventId: string;
  readonly eventType: string;
  /** PARKED: it failed, and its key stands still. WAITING: it came later and waits behind the parked one. */
  readonly status: 'PARKED' | 'WAITING';
  /** Tries so far; 0 for one that waits, and for one whose data broke its contract. */
  readonly attempts: number;
  readonly reason: string | null;
  readonly createdAt: Date;
  /** True from the command to replay until the app has acted on it. */
  readonly replayRequested: boolean;
}

export class DeadLetterNotFound extends Refusal {
  readonly code = 'DEAD_LETTER_NOT_FOUND';
  readonly message = 'There is no such open dead letter.';
}

export interface DeadLetters {
  /** All that are open, oldest first. */
  list(): Promise<DeadLetter[]>;
  /** Asks the running app to run the key's events again in order, from the parked one on. */
  replay(id: string): Promise<DeadLetterNotFound | undefined>;
  /** Drops one event for good; if it was the parked one, the running app goes on with those behind it. */
  skip(id: string, now: Date): Promise<DeadLetterNotFound | undefined>;
}

/** The dead letters in an app's database, of all its groups. */
export function deadLetters(orm: MikroORM): DeadLetters {
  return {
    list: async () => {
      const rows = await orm.em.fork().execute<DeadLetterRow[]>(listing);
      return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: new Date(createdAt) }));
    },
    replay: (id) =>
      orm.em.fork().transactional(async (em) => {
        const marked = await em.execute<unknown[]>(marking, [id]);
        if (marked.length === 0) return new DeadLetterNotFound();
        await announce(em);
        return undefined;
      }),
    skip: (id, now) =>
      orm.em.fork().transactional(async (em) => {
        const skipped = await em.execute<unknown[]>(skipping, [now.toISOString(), id]);
        if (skipped.length === 0) return new DeadLetterNotFound();
        await announce(em);
        return undefined;
      }),
  };
}

interface DeadLetterRow extends Omit<DeadLetter, 'createdAt'> {
  readonly createdAt: string | Date;
}

/** The running app listens, and polls besides. */
async function announce(em: EntityManager): Promise<void> {
  await em.execute(`select pg_notify('dead_letter', '')`);
}

// Whichever event of the key is named, its parked one is marked.
const marking = `
  update dead_letter parked set replay_requested_at = now()
    from dead_letter named
   where named.id::text = ? and named.status in ('PARKED', 'WAITING') and parked.status = 'PARKED'
     and (parked.group_name, parked.topic, parked.key) = (named.group_name, named.topic, named.key)
  returning parked.id`;

const skipping = `
  update dead_letter set status = 'SKIPPED', resolved_at = ?::timestamptz
   where id::text = ? and status in ('PARKED', 'WAITING') returning id`;

const listing = `
  select id, group_name as "group", topic, key, event_id as "eventId", type as "eventType", status, attempts, reason,
         created_at as "createdAt", replay_requested_at is not null as "replayRequested"
    from dead_letter where status in ('PARKED', 'WAITING') order by seq`;

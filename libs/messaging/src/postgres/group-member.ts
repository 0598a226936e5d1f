// One member of a consumer group. A partition belongs to the member that holds its session lock, and offsets are
// committed over the connection that holds it: a member that lost its connection can commit nothing any more.
import { randomInt } from 'node:crypto';
import type pg from 'pg';
import type { Logger } from '@caregraph/runtime';
import type { SubscriptionOptions } from '../event-transport.js';
import { startWatch, type Session } from '../watch.js';
import { shareOf } from './assignment.js';
import { OwnedPartition } from './owned-partition.js';

export interface MemberOptions extends SubscriptionOptions {
  readonly url: string;
  readonly log: Logger;
  readonly pollMs?: number | undefined;
  /** For reading events; locks and offsets have a connection of their own. */
  readonly pool: pg.Pool;
}

export interface GroupMember {
  readonly started: Promise<void>;
  close(): Promise<void>;
}

/** Joins the group and works until closed, over as many connections as it takes. */
export function joinGroup(options: MemberOptions): GroupMember {
  const member = new Member(options);
  const watch = startWatch({
    url: options.url,
    name: `caregraph consumer ${options.group}`,
    channels: ['event_log', 'event_group'],
    log: options.log,
    pollMs: options.pollMs,
    opened: (session) => member.join(session),
    turn: (session, reasons) => member.turn(session, reasons),
    closing: (session) => member.leave(session),
  });
  return { started: watch.started, close: () => watch.stop() };
}

class Member {
  private readonly id = randomInt(1, 2 ** 31 - 1);
  private owned = new Map<string, OwnedPartition>();

  constructor(private readonly options: MemberOptions) {}

  /** A member is known by a lock for each topic, which lives as long as its connection. */
  async join(session: Session): Promise<void> {
    await session.query(
      `select pg_advisory_lock(hashtext('member ' || $1 || ' ' || t), $2) from unnest($3::text[]) t`,
      [this.options.group, this.id, this.options.topics],
    );
    await session.query(`select pg_notify('event_group', '')`);
  }

  async turn(session: Session, reasons: ReadonlySet<string>): Promise<void> {
    if (reasons.has('poll') || reasons.has('event_group')) await this.balance(session);
    const { rows } = await session.query<PartitionState>(partitionStates, [
      this.options.group,
      this.options.topics,
    ]);
    for (const { topic, partition, position, end } of rows) {
      this.owned.get(name(topic, partition))?.advance(Number(position), Number(end));
    }
  }

  /** Batches end first, as far as the signal lets them; the locks go with the connection. */
  async leave(session: Session): Promise<void> {
    const owned = [...this.owned.values()];
    this.owned = new Map();
    await Promise.all(owned.map((partition) => partition.idle()));
    await session
      .query(`select pg_advisory_unlock_all(), pg_notify('event_group', '')`)
      // The connection may be what broke; then the others notice by polling.
      .catch(() => undefined);
  }

  private async balance(session: Session): Promise<void> {
    const { group, topics } = this.options;
    const { rows: members } = await session.query<{ topic: string; member: number }>(liveMembers, [
      group,
      topics,
    ]);
    const { rows: partitions } = await session.query<{ topic: string; partition: number }>(
      'select topic, partition from event_partition where topic = any($1) order by topic, partition',
      [topics],
    );
    const wanted = shareOf(this.id, partitions, members);
    const wantedNames = new Set(wanted.map(({ topic, partition }) => name(topic, partition)));
    for (const [key, partition] of this.owned)
      if (!wantedNames.has(key)) this.release(session, key, partition);
    for (const { topic, partition } of wanted) await this.acquire(session, topic, partition);
  }

  private async acquire(session: Session, topic: string, partition: number): Promise<void> {
    const key = name(topic, partition);
    if (this.owned.has(key)) return;
    const { rows } = await session.query<{ locked: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 0)) as locked',
      [this.lockName(key)],
    );
    // Its last owner is still at work; it announces the release, and the next poll asks again.
    if (!rows[0]?.locked) return;
    this.owned.set(key, new OwnedPartition(this.options, session, topic, partition));
  }

  private release(session: Session, key: string, partition: OwnedPartition): void {
    if (partition.releasing) return;
    const give = async (): Promise<void> => {
      await partition.release();
      this.owned.delete(key);
      await session.query(
        `select pg_advisory_unlock(hashtextextended($1, 0)), pg_notify('event_group', '')`,
        [this.lockName(key)],
      );
    };
    give().catch((error: unknown) => {
      this.options.log.warn(
        { err: error, topic: partition.topic, partition: partition.partition },
        'not released',
      );
    });
  }

  private lockName(key: string): string {
    return `consume ${this.options.group} ${key}`;
  }
}

const name = (topic: string, partition: number): string => `${topic} ${partition}`;

interface PartitionState {
  readonly topic: string;
  readonly partition: number;
  readonly position: string;
  readonly end: string;
}

const partitionStates = `
  select p.topic, p.partition, coalesce(o.next_offset, 0) as position, p.next_offset as "end"
    from event_partition p
    left join event_offset o on o.group_name = $1 and o.topic = p.topic and o.partition = p.partition
   where p.topic = any($2)`;

// Two-key advisory locks show in pg_locks as unsigned numbers.
const liveMembers = `
  select t.topic, l.objid::bigint::int as member
    from unnest($2::text[]) t(topic)
    join pg_locks l on l.locktype = 'advisory' and l.objsubid = 2 and l.granted
     and l.classid::bigint = (hashtext('member ' || $1 || ' ' || t.topic)::bigint & 4294967295)
     and l.database = (select oid from pg_database where datname = current_database())`;

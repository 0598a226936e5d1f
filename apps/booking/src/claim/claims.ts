// Taking time. One row for each occupied subject (provider, each resource) and time range, buffers included; the
// exclusion constraint makes overlap impossible, and the order of the steps below keeps it from deadlocking.
import { setTimeout as pause } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { claimsChanged } from '@caregraph/contracts';
import { publish } from '@caregraph/messaging';
import { planted } from '@caregraph/runtime';

export interface ClaimOwner {
  readonly id: string;
  readonly kind: 'HOLD' | 'APPOINTMENT';
  readonly practiceId: string;
  readonly version: number;
  /** A hold's end; null for appointments. */
  readonly expiresAt: Date | null;
}

export interface ClaimedTime {
  readonly subjectIds: readonly string[];
  /** Buffers included, half-open. */
  readonly start: Date;
  readonly end: Date;
}

/**
 * Takes the time for its owner, giving up what the owner (and `insteadOf`) had. False: somebody else has it, and
 * nothing was changed.
 */
export async function takeTime(
  em: EntityManager,
  owner: ClaimOwner,
  time: ClaimedTime,
  now: Date,
  insteadOf: string = owner.id,
): Promise<boolean> {
  try {
    // A savepoint: of two subjects, one may be inserted before the other turns out to be taken.
    await em.transactional((em) => takeAll(em, owner, time, now, insteadOf));
    return true;
  } catch (error) {
    if (error instanceof Taken) return false;
    throw error;
  }
}

class Taken extends Error {}

/** Measured with 50 clients and two subjects: without the sorted locks, plain inserts deadlock and take seconds. */
async function takeAll(
  em: EntityManager,
  owner: ClaimOwner,
  time: ClaimedTime,
  now: Date,
  insteadOf: string,
): Promise<void> {
  const subjects = [...new Set(time.subjectIds)].sort();
  const subjectArray = `{${subjects.join(',')}}`;
  const during = `[${time.start.toISOString()},${time.end.toISOString()})`;
  for (const subject of planted('claim-unguarded')
    ? []
    : await subjectsToLock(em, subjects, [owner.id, insteadOf]))
    await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 727))', [subject]);
  // A hold is over at its second, also when its job is late.
  await em.execute(
    `delete from claim where kind = 'hold' and expires_at <= ? and subject_id = any(?::uuid[]) and during && ?::tstzrange`,
    [now, subjectArray, during],
  );
  await em.execute('delete from claim where owner_id in (?, ?)', [owner.id, insteadOf]);
  if (planted('claim-unguarded') && (await isTaken(em, subjectArray, during))) throw new Taken();
  const taken = await em.execute<{ id: string }[]>(
    `insert into claim (practice_id, owner_id, kind, subject_id, during, expires_at)
     select ?::uuid, ?::uuid, ?, subject, ?::tstzrange, ?::timestamptz
     from unnest(?::uuid[]) with ordinality as wanted (subject, place) order by place
     on conflict do nothing returning id`,
    [
      owner.practiceId,
      owner.id,
      planted('claim-unguarded') ? 'busy' : owner.kind.toLowerCase(),
      during,
      owner.expiresAt,
      subjectArray,
    ],
  );
  if (taken.length < subjects.length) throw new Taken();
  const claims = subjects.map((subjectId) => ({
    subjectId,
    start: time.start.toISOString(),
    end: time.end.toISOString(),
  }));
  publishClaims(em, owner, claims, now);
}

/**
 * What is given up is locked as well, in the same order: two owners who want each other's room would wait for ever,
 * each for the row that the other has deleted and not yet committed. The caller has locked the owner's own row.
 */
async function subjectsToLock(
  em: EntityManager,
  wanted: readonly string[],
  owners: readonly string[],
): Promise<string[]> {
  const had = await em.execute<{ subject_id: string }[]>(
    'select subject_id from claim where owner_id in (?, ?)',
    [...owners],
  );
  return [...new Set([...wanted, ...had.map(({ subject_id: subject }) => subject)])].sort();
}

/** Planted: a look that nothing holds on to, before rows of a kind that nothing excludes. */
async function isTaken(em: EntityManager, subjects: string, during: string): Promise<boolean> {
  const sql = 'select 1 from claim where subject_id = any(?::uuid[]) and during && ?::tstzrange';
  const found = await em.execute<object[]>(sql, [subjects, during]);
  await pause(200);
  return found.length > 0;
}

/** Gives up all that the owner occupies. */
export async function releaseTime(em: EntityManager, owner: ClaimOwner, now: Date): Promise<void> {
  await em.execute('delete from claim where owner_id = ?', [owner.id]);
  publishClaims(em, owner, [], now);
}

function publishClaims(
  em: EntityManager,
  owner: ClaimOwner,
  claims: { subjectId: string; start: string; end: string }[],
  now: Date,
): void {
  const { id: ownerId, kind: ownerKind, practiceId, version, expiresAt } = owner;
  const event = claimsChanged.of({
    ownerId,
    ownerKind,
    practiceId,
    version,
    claims,
    expiresAt: expiresAt?.toISOString() ?? null,
  });
  publish(em, event, now);
}

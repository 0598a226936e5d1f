// What is occupied, by provider and resource: booking's claims as rows, kept by its events and read by time.
import type { EntityManager } from '@mikro-orm/postgresql';
import { claimsChanged, type ClaimsChanged } from '@caregraph/contracts';
import { consumer } from '@caregraph/messaging';
import { normalise, type Intervals } from '@caregraph/time';
import type { Deps } from '../deps.js';

export const onClaimsChanged = consumer(claimsChanged, ({ em }: Deps, claims) => keepClaims(em, claims));

/**
 * Replaces all that the owner occupies. A lower or equal version is dropped; the owner's version stays known when he
 * occupies nothing any more, so that an old event that comes late brings nothing back. Only where rows were lost the
 * same version, said again, mends them.
 */
export async function keepClaims(em: EntityManager, changed: ClaimsChanged): Promise<void> {
  const { ownerId, practiceId, version, claims, expiresAt } = changed;
  const newer = await em.execute<{ owner_id: string }[]>(
    `insert into busy_owner (owner_id, practice_id, version) values (?, ?, ?)
     on conflict (owner_id) do update set version = excluded.version where busy_owner.version < excluded.version
       or busy_owner.version = excluded.version
         and (select count(*) from busy_interval lost where lost.owner_id = busy_owner.owner_id) < ?
     returning owner_id`,
    [ownerId, practiceId, version, claims.length],
  );
  if (newer.length === 0) return;
  await em.execute('delete from busy_interval where owner_id = ?', [ownerId]);
  for (const { subjectId, start, end } of claims) {
    await em.execute(
      `insert into busy_interval (owner_id, practice_id, subject_id, start_at, end_at, expires_at)
       values (?, ?, ?, ?, ?, ?)`,
      [ownerId, practiceId, subjectId, new Date(start), new Date(end), expiresAt && new Date(expiresAt)],
    );
  }
}

/**
 * Busy time of many providers and resources in one query; a subject without any is not in the map. A hold is over at
 * its second, also when nobody has said so.
 */
export async function busyTimes(
  em: EntityManager,
  subjectIds: readonly string[],
  window: { readonly from: Date; readonly to: Date; readonly now: Date },
): Promise<Map<string, Intervals>> {
  // Ordered by owner, too: two that occupy the same time would else come as start, start, end, end, which is nothing.
  const rows = await em.execute<{ subject_id: string; times: number[] }[]>(
    `select subject_id, array_agg(epoch order by start_at, owner_id, side) as times
     from busy_interval
     cross join lateral (values
       (0, (extract(epoch from start_at) * 1000)::float8), (1, (extract(epoch from end_at) * 1000)::float8)
     ) as boundary (side, epoch)
     where subject_id = any(?::uuid[]) and end_at > ? and start_at < ? and (expires_at is null or expires_at > ?)
     group by subject_id`,
    [`{${subjectIds.join(',')}}`, window.from, window.to, window.now],
  );
  return new Map(rows.map(({ subject_id: subject, times }) => [subject, normalise(times)]));
}

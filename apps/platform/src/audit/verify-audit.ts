// Walks the platform's audit trail and names what is wrong with it: for `npm run ops -- audit verify`.
import { IsolationLevel, type EntityManager } from '@mikro-orm/postgresql';
import {
  endFault,
  entryFault,
  walkTrails,
  type ChainedEntry,
  type ChainFault,
  type ChainedTrail,
  type TrailReport,
} from '@caregraph/runtime';

interface Entry extends ChainedEntry {
  readonly subjectId: string;
  readonly type: string;
  /** That the erasure is one that the trail tells of. */
  readonly erasedRightly: boolean;
}

interface Trail extends ChainedTrail<Entry> {
  readonly subjectId: string;
  /** Whether the subject counts at present; null where that is no question. */
  readonly active: boolean | null;
}

const pageSize = 200;
/** One REPEATABLE READ transaction: what is written meanwhile is not seen by halves. */
export const verifyAudit = (em: EntityManager): Promise<TrailReport> =>
  em.transactional((snapshot) => walkTrails((after) => readTrails(snapshot, after), faultOf), {
    isolationLevel: IsolationLevel.REPEATABLE_READ,
  });

const faultOf = (trail: Trail): ChainFault | undefined =>
  entryFault(trail.entries, { mayBeErased: ({ erasedRightly }) => erasedRightly }) ??
  endFault(trail) ??
  stateFault(trail);

/** A role or key that counts was granted last, one that does not was taken away; what was erased had ended before. */
function stateFault({ entries, active }: Trail): ChainFault | undefined {
  const last = entries.at(-1);
  if (active === null || active === (last && begins.includes(last.type))) return undefined;
  const problem = 'the subject is in another state than its trail says';
  return { at: entries.length, entryId: last?.id ?? null, problem };
}

const begins = ['membership_granted', 'partner_key_created'];

async function readTrails(em: EntityManager, after: string): Promise<Trail[]> {
  const trails = await em.execute<Omit<Trail, 'entries'>[]>(reading, [after, pageSize]);
  const ids = trails.map(({ subjectId }) => subjectId);
  const entries = await em.execute<Entry[]>(entriesOf, [`{${ids.join(',')}}`]);
  const bySubject = Map.groupBy(entries, ({ subjectId }) => subjectId);
  return trails.map((trail) => ({ ...trail, entries: bySubject.get(trail.subjectId) ?? [] }));
}

// A revoked session is forgotten once it is over, and its trail stays. Each version of all else has exactly one entry.
const reading = `
  with subject as (
    select id, version, status = 'ACTIVE' as active from membership
    union all select id, version, status = 'ACTIVE' from partner_key
    union all select id, version, null from feature_flag
    union all select id, 1, null from revoked_session
  )
  select id as "subjectId", coalesce(s.version, 1) as expected, s.active,
    case when c.subject_id is not null then jsonb_build_object('entries', c.entries, 'hash', c.hash) end as head
  from (select id from subject union select subject_id from audit_chain union select subject_id from audit_entry) known
  left join subject s using (id) left join audit_chain c on c.subject_id = id
  where id > ? order by id limit ?`;

const entriesOf = `
  select id, subject_id as "subjectId", position, type, hash,
    jsonb_build_array(id, practice_id, subject_type, subject_id, position::text, type, data::text, actor_type,
      actor_digest, whom_digest, request_id, source,
      to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) as covered,
    jsonb_build_array(jsonb_build_object('salt', actor_salt, 'digest', actor_digest,
      'fields', jsonb_build_array(actor_sub, ip_address, user_agent))) || case when whom_digest is null then '[]'
      else jsonb_build_array(jsonb_build_object('salt', whom_salt, 'digest', whom_digest,
        'fields', jsonb_build_array(whom::text))) end as people,
    exists (select from audit_entry e where e.type = 'account_erased' and e.subject_id = audit_entry.erasure_id)
      as "erasedRightly"
  from audit_entry where subject_id = any(?::uuid[]) order by subject_id, position`;

// Walks the whole audit trail and names what is wrong with it: for `npm run ops -- audit verify`.
import { IsolationLevel, type EntityManager } from '@mikro-orm/postgresql';
import { walkTrails, type TrailReport } from '@caregraph/runtime';
import { faultOf, type Chain, type ChangeEntry } from './chain.js';

const pageSize = 200;

/** One REPEATABLE READ transaction: what is written meanwhile is not seen by halves. */
export const verifyAudit = (em: EntityManager): Promise<TrailReport> =>
  em.transactional((snapshot) => walkTrails((after) => readChains(snapshot, after), faultOf), {
    isolationLevel: IsolationLevel.REPEATABLE_READ,
  });

type ChainRow = Omit<Chain, 'entries'>;
type EntryRow = ChangeEntry & { readonly subjectId: string };

async function readChains(em: EntityManager, after: string): Promise<Chain[]> {
  const chains = await em.execute<ChainRow[]>(reading, [after, pageSize]);
  const ids = chains.map(({ subjectId }) => subjectId);
  const entries = await em.execute<EntryRow[]>(entriesOf, [`{${ids.join(',')}}`]);
  const byAppointment = Map.groupBy(entries, ({ subjectId }) => subjectId);
  return chains.map((chain) => ({ ...chain, entries: byAppointment.get(chain.subjectId) ?? [] }));
}

const reading = `
  select id as "subjectId",
    case when a.id is not null then jsonb_build_object('status', a.status, 'version', a.version,
      'erased', exists (select from patient p where p.id = a.patient_id and p.erased_at is not null)) end as appointment,
    case when c.appointment_id is not null then jsonb_build_object('entries', c.entries, 'hash', c.hash) end as head
  from (select id from appointment union select appointment_id from audit_chain
        union select appointment_id from audit_entry) known
  left join appointment a using (id) left join audit_chain c on c.appointment_id = id
  where id > ? order by id limit ?`;

const entriesOf = `
  select id, appointment_id as "subjectId", position, version, previous_status as "previousStatus",
    new_status as "newStatus", hash,
    jsonb_build_array(id, practice_id, appointment_id, position::text, type, previous_status, new_status, version::text,
      data::text, actor_type, personal_digest, request_id, source,
      to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) as covered,
    jsonb_build_array(jsonb_build_object('salt', personal_salt, 'digest', personal_digest,
      'fields', jsonb_build_array(actor_sub, ip_address, user_agent))) as people
  from audit_entry where appointment_id = any(?::uuid[]) order by appointment_id, position`;

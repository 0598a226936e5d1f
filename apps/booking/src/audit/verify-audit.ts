// Walks the whole audit trail and names what is wrong with it: for `npm run ops -- audit verify`.
import { createHash } from 'node:crypto';
import { IsolationLevel, type EntityManager } from '@mikro-orm/postgresql';
import { firstBreak, type Break, type Chain, type ChangeEntry } from './chain.js';

export interface AuditReport {
  readonly appointments: number;
  readonly entries: number;
  /** Entries of erased patients, which name nobody any more. */
  readonly erased: number;
  /** The first wrong entry of each broken trail, at most 100. */
  readonly broken: readonly Break[];
  /** One hash over the heads of all trails: the same only if all of them are. */
  readonly digest: string;
}

const pageSize = 200;
const mostBroken = 100;

/** One REPEATABLE READ transaction: what is written meanwhile is not seen by halves. */
export function verifyAudit(em: EntityManager): Promise<AuditReport> {
  return em.transactional(walk, { isolationLevel: IsolationLevel.REPEATABLE_READ });
}

async function walk(em: EntityManager): Promise<AuditReport> {
  const heads = createHash('sha256');
  const report = { appointments: 0, entries: 0, erased: 0, broken: [] as Break[] };
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const chains = await readChains(em, after);
    const last = chains.at(-1);
    if (!last) return { ...report, digest: heads.digest('hex') };
    after = last.appointmentId;
    for (const chain of chains) {
      report.appointments += 1;
      report.entries += chain.entries.length;
      report.erased += chain.entries.filter(({ people }) => people.some(({ salt }) => salt === null)).length;
      heads.update(`${chain.appointmentId} ${chain.head?.hash ?? ''}\n`);
      const found = firstBreak(chain);
      if (found && report.broken.length < mostBroken) report.broken.push(found);
    }
  }
}

type ChainRow = Omit<Chain, 'entries'>;
type EntryRow = ChangeEntry & { readonly appointmentId: string };

async function readChains(em: EntityManager, after: string): Promise<Chain[]> {
  const chains = await em.execute<ChainRow[]>(reading, [after, pageSize]);
  const ids = chains.map(({ appointmentId }) => appointmentId);
  const entries = await em.execute<EntryRow[]>(entriesOf, [`{${ids.join(',')}}`]);
  const byAppointment = Map.groupBy(entries, ({ appointmentId }) => appointmentId);
  return chains.map((chain) => ({ ...chain, entries: byAppointment.get(chain.appointmentId) ?? [] }));
}

const reading = `
  select id as "appointmentId",
    case when a.id is not null then jsonb_build_object('status', a.status, 'version', a.version,
      'erased', exists (select from patient p where p.id = a.patient_id and p.erased_at is not null)) end as appointment,
    case when c.appointment_id is not null then jsonb_build_object('entries', c.entries, 'hash', c.hash) end as head
  from (select id from appointment union select appointment_id from audit_chain
        union select appointment_id from audit_entry) known
  left join appointment a using (id) left join audit_chain c on c.appointment_id = id
  where id > ? order by id limit ?`;

const entriesOf = `
  select id, appointment_id as "appointmentId", position, version, previous_status as "previousStatus",
    new_status as "newStatus", hash,
    jsonb_build_array(id, practice_id, appointment_id, position::text, type, previous_status, new_status, version::text,
      data::text, actor_type, personal_digest, request_id, source,
      to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) as covered,
    jsonb_build_array(jsonb_build_object('salt', personal_salt, 'digest', personal_digest,
      'fields', jsonb_build_array(actor_sub, ip_address, user_agent))) as people
  from audit_entry where appointment_id = any(?::uuid[]) order by appointment_id, position`;

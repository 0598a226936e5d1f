// The audit trail: one entry for each change of what people may do and of what is switched on, written with it and
// never changed (GW-007).
import { defineEntity, p } from '@mikro-orm/postgresql';

export const auditTypes = [
  'membership_granted',
  'membership_ended',
  'session_revoked',
  'partner_key_created',
  'partner_key_revoked',
  'feature_flag_set',
  'feature_flag_reset',
] as const;
export type AuditType = (typeof auditTypes)[number];

/** Whose role or session was changed. */
export interface Whom {
  readonly account: string;
  readonly sessionId?: string | null;
}

const AuditEntrySchema = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entry',
  properties: {
    id: p.uuid().primary(),
    /** The order of entries; given by the database. */
    seq: p.bigint('number').nullable().persist(false),
    practiceId: p.uuid().nullable(),
    subjectType: p.string(),
    subjectId: p.uuid(),
    type: p.enum(auditTypes),
    /** What was changed, without anybody's name. */
    data: p.json<Record<string, unknown>>(),
    /** Whom it is about, apart from all else: it is erased with him. */
    whom: p.json<Whom>().nullable(),
    actorType: p.string(),
    actorSub: p.string().nullable(),
    requestId: p.string(),
    ipAddress: p.string().nullable(),
    userAgent: p.string().nullable(),
    source: p.string(),
    at: p.datetime().columnType('timestamptz'),
  },
});
export class AuditEntry extends AuditEntrySchema.class {}
AuditEntrySchema.setClass(AuditEntry);
export { AuditEntrySchema };

// The audit trail: one entry for each change of an appointment, written with it and never changed.
import { defineEntity, p } from '@mikro-orm/postgresql';

/** BK-103 to BK-108. */
export const auditTypes = [
  'created',
  'slot_reserved',
  'slot_released',
  'payment_initiated',
  'payment_action_required',
  'payment_held',
  'payment_captured',
  'payment_failed',
  'payment_voided',
  'payment_refunded',
  'status_changed',
  'verification_requested',
  'expiry_neared',
  'confirmed',
  'declined',
  'expired',
  'cancelled',
  'rescheduled',
  'calendar_event_created',
  'calendar_event_updated',
  'calendar_event_deleted',
  'calendar_sync_failed',
  'notification_sent',
  'notification_failed',
  'patient_erased',
] as const;
export type AuditType = (typeof auditTypes)[number];

const instant = () => p.datetime().columnType('timestamptz');

const AuditEntrySchema = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entry',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    appointmentId: p.uuid(),
    /** The order of entries; given by the database. */
    seq: p.bigint('number').nullable().persist(false),
    type: p.enum(auditTypes),
    previousStatus: p.string().nullable(),
    newStatus: p.string(),
    version: p.integer(),
    data: p.json<Record<string, unknown>>(),
    actorType: p.string(),
    actorSub: p.string().nullable(),
    requestId: p.string(),
    ipAddress: p.string().nullable(),
    userAgent: p.string().nullable(),
    source: p.string(),
    at: instant(),
  },
});
export class AuditEntry extends AuditEntrySchema.class {}
AuditEntrySchema.setClass(AuditEntry);
export { AuditEntrySchema };

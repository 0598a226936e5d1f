// How a hold lies in PostgreSQL.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { SlotHold } from './hold.js';

const instant = () => p.datetime().columnType('timestamptz');

export const SlotHoldSchema = defineEntity({
  class: SlotHold,
  tableName: 'slot_hold',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    providerId: p.uuid(),
    appointmentTypeId: p.uuid(),
    locationId: p.uuid(),
    resourceIds: p.array(),
    start: instant().fieldName('start_at'),
    end: instant().fieldName('end_at'),
    offeredMode: p.enum(['INSTANT', 'REQUEST'] as const),
    status: p.enum(['ACTIVE', 'CONVERTED', 'EXPIRED', 'RELEASED'] as const).concurrencyCheck(),
    version: p.integer().concurrencyCheck(),
    account: p.string().nullable(),
    sessionId: p.string().nullable(),
    tokenHash: p.string(),
    appointmentId: p.uuid().nullable(),
    expiresAt: instant(),
    endedAt: instant().nullable(),
    createdAt: instant(),
  },
});

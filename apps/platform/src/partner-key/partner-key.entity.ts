// How a partner's key lies in PostgreSQL: never the key itself.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { partnerKeyStatuses } from './lifecycle.js';
import { PartnerKey } from './partner-key.js';

const instant = () => p.datetime().columnType('timestamptz');

export const PartnerKeySchema = defineEntity({
  class: PartnerKey,
  tableName: 'partner_key',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer().concurrencyCheck(),
    name: p.string(),
    scopes: p.array(),
    hash: p.string(),
    hint: p.string(),
    status: p.enum(partnerKeyStatuses).concurrencyCheck(),
    expiresAt: instant().nullable(),
    createdAt: instant(),
    revokedAt: instant().nullable(),
  },
});

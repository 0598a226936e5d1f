// How a membership lies in PostgreSQL.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { membershipStatuses } from './lifecycle.js';
import { Membership, membershipRoles } from './membership.js';

const instant = () => p.datetime().columnType('timestamptz');

export const MembershipSchema = defineEntity({
  class: Membership,
  tableName: 'membership',
  properties: {
    id: p.uuid().primary(),
    version: p.integer().concurrencyCheck(),
    account: p.string(),
    practiceId: p.uuid().nullable(),
    role: p.enum(membershipRoles),
    status: p.enum(membershipStatuses).concurrencyCheck(),
    grantedBy: p.string().nullable(),
    createdAt: instant(),
    endedBy: p.string().nullable(),
    endedAt: instant().nullable(),
  },
});

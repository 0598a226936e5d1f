// Everything that lies in the platform's database.
import { messagingEntities, messagingMigrations } from '@caregraph/messaging';
import type { DatabaseParts } from '@caregraph/runtime';
import { idempotencyEntities, idempotencyMigrations } from '@caregraph/subgraph';
import { AuditEntrySchema } from './audit/audit-entry.js';
import { FeatureFlagSchema } from './feature-flag/feature-flag.entity.js';
import { MembershipSchema } from './membership/membership.entity.js';
import { AuditChainMigration } from './migrations/20261121T1900-audit-chain.js';
import { AuditEntryMigration } from './migrations/20261121T1520-audit-entry.js';
import { FeatureFlagMigration } from './migrations/20261121T1524-feature-flag.js';
import { MembershipMigration } from './migrations/20261121T1521-membership.js';
import { PartnerKeyMigration } from './migrations/20261121T1523-partner-key.js';
import { RevokedSessionMigration } from './migrations/20261121T1522-revoked-session.js';
import { PartnerKeySchema } from './partner-key/partner-key.entity.js';
import { KnownPracticeSchema } from './practice/known-practice.js';
import { RevokedSessionSchema } from './session/revoked-session.entity.js';

export const databaseParts: DatabaseParts = {
  entities: [
    KnownPracticeSchema,
    MembershipSchema,
    RevokedSessionSchema,
    PartnerKeySchema,
    FeatureFlagSchema,
    AuditEntrySchema,
    ...messagingEntities,
    ...idempotencyEntities,
  ],
  migrations: [
    ...messagingMigrations,
    ...idempotencyMigrations,
    { name: '20261121T1520-audit-entry', class: AuditEntryMigration },
    { name: '20261121T1521-membership', class: MembershipMigration },
    { name: '20261121T1522-revoked-session', class: RevokedSessionMigration },
    { name: '20261121T1523-partner-key', class: PartnerKeyMigration },
    { name: '20261121T1524-feature-flag', class: FeatureFlagMigration },
    { name: '20261121T1900-audit-chain', class: AuditChainMigration },
  ],
};

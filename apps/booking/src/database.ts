// Everything that lies in booking's database.
import { knownFlagMigrations, messagingEntities, messagingMigrations } from '@caregraph/messaging';
import type { DatabaseParts } from '@caregraph/runtime';
import { idempotencyEntities, idempotencyMigrations } from '@caregraph/subgraph';
import { AppointmentSchema } from './appointment/appointment.entity.js';
import { AuditEntrySchema } from './audit/audit-entry.js';
import { knownSchemas } from './catalogue/known.js';
import { SlotHoldSchema } from './hold/hold.entity.js';
import { AppointmentMigration } from './migrations/20261121T0910-appointment.js';
import { ClaimMigration } from './migrations/20261121T0920-claim-no-overlap.js';
import { SlotHoldMigration } from './migrations/20261121T0930-slot-hold.js';
import { PatientMigration } from './migrations/20261121T0940-patient.js';
import { AuditEntryMigration } from './migrations/20261121T0950-audit-entry.js';
import { CatalogueMigration } from './migrations/20261121T1000-catalogue.js';
import { RescheduleReasonMigration } from './migrations/20261121T1025-reschedule-reason.js';
import { PaymentDueMigration } from './migrations/20261121T1100-payment-due.js';
import { ProviderResponseMigration } from './migrations/20261121T1210-provider-response.js';
import { ProviderStatisticsMigration } from './migrations/20261121T1215-provider-statistics.js';
import { SealedByMigration } from './migrations/20261121T1240-sealed-by.js';
import { AuditChainMigration } from './migrations/20261121T1230-audit-chain.js';
import { PatientErasedMigration } from './migrations/20261121T1235-patient-erased.js';
import { PatientAccountSchema, PatientSchema } from './patient/patient.entity.js';
import { ProviderStatisticsSchema } from './statistics/provider-statistics.js';

export const databaseParts: DatabaseParts = {
  entities: [
    AppointmentSchema,
    AuditEntrySchema,
    SlotHoldSchema,
    PatientSchema,
    PatientAccountSchema,
    ProviderStatisticsSchema,
    ...knownSchemas,
    ...messagingEntities,
    ...idempotencyEntities,
  ],
  migrations: [
    ...messagingMigrations,
    ...idempotencyMigrations,
    ...knownFlagMigrations,
    { name: '20261121T0910-appointment', class: AppointmentMigration },
    { name: '20261121T0920-claim-no-overlap', class: ClaimMigration },
    { name: '20261121T0930-slot-hold', class: SlotHoldMigration },
    { name: '20261121T0940-patient', class: PatientMigration },
    { name: '20261121T0950-audit-entry', class: AuditEntryMigration },
    { name: '20261121T1000-catalogue', class: CatalogueMigration },
    { name: '20261121T1025-reschedule-reason', class: RescheduleReasonMigration },
    { name: '20261121T1100-payment-due', class: PaymentDueMigration },
    { name: '20261121T1210-provider-response', class: ProviderResponseMigration },
    { name: '20261121T1215-provider-statistics', class: ProviderStatisticsMigration },
    { name: '20261121T1240-sealed-by', class: SealedByMigration },
    { name: '20261121T1230-audit-chain', class: AuditChainMigration },
    { name: '20261121T1235-patient-erased', class: PatientErasedMigration },
  ],
};

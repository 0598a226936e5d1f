// All that lies in payments' database.
import { knownFlagMigrations, messagingEntities, messagingMigrations } from '@caregraph/messaging';
import type { DatabaseParts } from '@caregraph/runtime';
import { idempotencyEntities, idempotencyMigrations } from '@caregraph/subgraph';
import { AppointmentAccessSchema } from './access/appointment-access.js';
import { ErasedPatientSchema } from './access/erased-patient.js';
import { KnownPracticeSchema } from './catalogue/known-practice.js';
import { PaymentMigration } from './migrations/20261121T0910-payment.js';
import { RefundMigration } from './migrations/20261121T0920-refund.js';
import { ProcessorMigration } from './migrations/20261121T0930-processor.js';
import { CopiesMigration } from './migrations/20261121T0940-copies.js';
import { SealedByMigration } from './migrations/20261121T1240-sealed-by.js';
import { ErasedPatientMigration } from './migrations/20261121T1240-erased-patient.js';
import { PaymentAttemptSchema, PaymentSchema } from './payment/payment.entity.js';
import { ProcessorCustomerSchema } from './processor/customer.js';
import { ProcessorCallSchema } from './processor/processor-call.js';
import { RefundSchema } from './refund/refund.entity.js';
import { ProcessorEventSchema } from './stripe/processor-event.js';

export const databaseParts: DatabaseParts = {
  entities: [
    PaymentSchema,
    PaymentAttemptSchema,
    RefundSchema,
    ProcessorCallSchema,
    ProcessorEventSchema,
    ProcessorCustomerSchema,
    AppointmentAccessSchema,
    ErasedPatientSchema,
    KnownPracticeSchema,
    ...messagingEntities,
    ...idempotencyEntities,
  ],
  migrations: [
    { name: '20261121T0910-payment', class: PaymentMigration },
    { name: '20261121T0920-refund', class: RefundMigration },
    { name: '20261121T0930-processor', class: ProcessorMigration },
    { name: '20261121T0940-copies', class: CopiesMigration },
    { name: '20261121T1240-sealed-by', class: SealedByMigration },
    { name: '20261121T1240-erased-patient', class: ErasedPatientMigration },
    ...messagingMigrations,
    ...idempotencyMigrations,
    ...knownFlagMigrations,
  ],
};

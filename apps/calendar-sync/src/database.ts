// Everything that lies in calendar-sync's database.
import { messagingEntities, messagingMigrations } from '@caregraph/messaging';
import type { DatabaseParts } from '@caregraph/runtime';
import { idempotencyEntities, idempotencyMigrations } from '@caregraph/subgraph';
import { AppointmentAccessSchema } from './access/appointment-access.js';
import { ErasedPatientSchema } from './access/erased-patient.js';
import { CalendarConnectionSchema } from './calendar-connection/calendar-connection.entity.js';
import { CalendarEventSchema } from './calendar-event/calendar-event.entity.js';
import { KnownProviderSchema } from './catalogue/known-provider.js';
import { CalendarConnectionMigration } from './migrations/20261121T1300-calendar-connection.js';
import { CalendarEventMigration } from './migrations/20261121T1310-calendar-event.js';
import { ErasedPatientMigration } from './migrations/20261121T1320-erased-patient.js';

export const databaseParts: DatabaseParts = {
  entities: [
    KnownProviderSchema,
    CalendarConnectionSchema,
    AppointmentAccessSchema,
    ErasedPatientSchema,
    CalendarEventSchema,
    ...messagingEntities,
    ...idempotencyEntities,
  ],
  migrations: [
    ...messagingMigrations,
    ...idempotencyMigrations,
    { name: '20261121T1300-calendar-connection', class: CalendarConnectionMigration },
    { name: '20261121T1310-calendar-event', class: CalendarEventMigration },
    { name: '20261121T1320-erased-patient', class: ErasedPatientMigration },
  ],
};

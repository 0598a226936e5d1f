// Everything that lies in notifications' database.
import { messagingEntities, messagingMigrations } from '@caregraph/messaging';
import type { DatabaseParts } from '@caregraph/runtime';
import { idempotencyEntities, idempotencyMigrations } from '@caregraph/subgraph';
import { knownSchemas } from './copies/known.js';
import { KnownAppointmentMigration } from './migrations/20261121T0910-known-appointment.js';
import { KnownPeopleMigration } from './migrations/20261121T0915-known-people.js';
import { NotificationMigration } from './migrations/20261121T0920-notification.js';
import { SendGridEventMigration } from './migrations/20261121T0930-sendgrid-event.js';
import { StaffMigration } from './migrations/20261121T1225-staff.js';
import { SealedByMigration } from './migrations/20261121T1240-sealed-by.js';
import { NotificationSchema } from './notification/notification.entity.js';
import { SuppressionSchema } from './suppression/suppressions.js';

export const databaseParts: DatabaseParts = {
  entities: [
    NotificationSchema,
    SuppressionSchema,
    ...knownSchemas,
    ...messagingEntities,
    ...idempotencyEntities,
  ],
  migrations: [
    ...messagingMigrations,
    ...idempotencyMigrations,
    { name: '20261121T0910-known-appointment', class: KnownAppointmentMigration },
    { name: '20261121T0915-known-people', class: KnownPeopleMigration },
    { name: '20261121T0920-notification', class: NotificationMigration },
    { name: '20261121T0930-sendgrid-event', class: SendGridEventMigration },
    { name: '20261121T1225-staff', class: StaffMigration },
    { name: '20261121T1240-sealed-by', class: SealedByMigration },
  ],
};

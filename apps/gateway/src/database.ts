// Everything that lies in the gateway's database: counters, and copies of what the platform says.
import { messagingEntities, messagingMigrations } from '@caregraph/messaging';
import type { DatabaseParts } from '@caregraph/runtime';
import { rateDatabase } from './limits/rate-database.js';
import { KnownMigration } from './migrations/20261121T1530-known.js';

export const databaseParts: DatabaseParts = {
  entities: [...rateDatabase.entities, ...messagingEntities],
  migrations: [
    ...messagingMigrations,
    ...rateDatabase.migrations,
    { name: '20261121T1530-known', class: KnownMigration },
  ],
};

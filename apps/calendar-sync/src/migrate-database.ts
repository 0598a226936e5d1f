// Brings calendar-sync's tables up to date, as the role that owns them.
import { migrateDatabase } from '@caregraph/runtime';
import { databaseParts } from './database.js';

export async function migrate(ownerUrl: string): Promise<void> {
  await migrateDatabase(ownerUrl, databaseParts);
}

// Brings the gateway's tables up to date, as the role that owns them.
import { migrateDatabase } from '@caregraph/runtime';
import { databaseParts } from './database.js';

export const migrate = (ownerUrl: string): Promise<void> => migrateDatabase(ownerUrl, databaseParts);

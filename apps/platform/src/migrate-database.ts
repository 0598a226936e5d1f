// Brings the platform's tables and job queues up to date, as the role that owns them.
import { migrateJobs } from '@caregraph/jobs';
import { migrateDatabase } from '@caregraph/runtime';
import { databaseParts } from './database.js';
import { jobs } from './work.js';

export async function migrate(ownerUrl: string): Promise<void> {
  await migrateDatabase(ownerUrl, databaseParts);
  await migrateJobs(ownerUrl, jobs);
}

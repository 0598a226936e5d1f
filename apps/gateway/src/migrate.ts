// Migrates the gateway's database and ends: what a deployment runs before it starts the new version's `main.ts`.
import { migrateOnly } from '@caregraph/runtime';
import { migrate } from './migrate-database.js';

await migrateOnly('gateway', process.env, migrate);

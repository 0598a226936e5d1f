// Migrates the platform's database and ends: what a deployment runs before it starts the new version's `main.ts`.
import 'reflect-metadata';
import { migrateOnly } from '@caregraph/runtime';
import { migrate } from './migrate-database.js';

await migrateOnly('platform', process.env, migrate);

// Migrates calendar-sync's database and ends: what a deployment runs before it starts the new version's `main.ts`.
import 'reflect-metadata';
import { migrateOnly } from '@caregraph/runtime';
import { migrate } from './migrate-database.js';

await migrateOnly('calendar-sync', process.env, migrate);

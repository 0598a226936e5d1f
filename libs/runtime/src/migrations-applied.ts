// Whether the tables are as the running code expects them.
import type { MikroORM } from '@mikro-orm/postgresql';
import type { DatabaseParts } from './database.js';

/**
 * A readiness check: rejects while the database does not answer, or lacks a migration that this code brings. One that
 * only a newer version knows is none of its business: old code must work on the tables of the next version.
 */
export function migrationsApplied(
  orm: MikroORM,
  { migrations }: Pick<DatabaseParts, 'migrations'>,
): () => Promise<void> {
  return async () => {
    const rows = await orm.em.fork().execute<{ name: string }[]>('select name from migration');
    const applied = new Set(rows.map(({ name }) => name));
    const missing = migrations.find(({ name }) => !applied.has(name));
    if (missing) throw new Error(`The migration ${missing.name} has not run.`);
  };
}

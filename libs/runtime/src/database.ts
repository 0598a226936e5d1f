// One app's PostgreSQL: migrated by the role that owns it, used by a role that does not.
import { Migrator, type Migration } from '@mikro-orm/migrations';
import { MikroORM, type Options } from '@mikro-orm/postgresql';
import pg from 'pg';
import { releaseBrokenConnections } from './broken-connections.js';
import type { Logger } from './log.js';
import { refuseLateConnections } from './patience.js';
import { StatementSpans } from './trace-sql.js';

export interface DatabaseParts {
  readonly entities: NonNullable<Options['entities']>;
  readonly migrations: readonly MigrationEntry[];
}

export interface MigrationEntry {
  /** Dated, forward only: `20261121T0900-appointment-no-overlap`. */
  readonly name: string;
  readonly class: new (...args: ConstructorParameters<typeof Migration>) => Migration;
}

/** Replicas that start together wait for the one that migrates. Any constant number will do. */
const migrationLock = 727_002;

/** Brings the tables up to date, as their owner. Safe when several replicas start at once. */
export async function migrateDatabase(ownerUrl: string, parts: DatabaseParts): Promise<void> {
  const lock = new pg.Client({ connectionString: ownerUrl });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [migrationLock]);
    const orm = await MikroORM.init({
      ...connectionOf(ownerUrl),
      entities: [...parts.entities],
      forceUtcTimezone: true,
      extensions: [Migrator],
      logger: () => undefined,
      migrations: {
        tableName: 'migration',
        migrationsList: [...parts.migrations].sort((a, b) => a.name.localeCompare(b.name)),
        snapshot: false,
        transactional: true,
      },
    });
    try {
      await orm.migrator.up();
    } finally {
      await orm.close();
    }
  } finally {
    await lock.end();
  }
}

/**
 * Connects as the app's role. Entity managers are forked from it, one for each request, event or job. The ORM's own
 * messages are dropped, since they may quote statements with their values; connections that break are told to the log.
 */
export async function openDatabase(url: string, parts: DatabaseParts, log?: Logger): Promise<MikroORM> {
  const orm = await MikroORM.init({
    ...connectionOf(url),
    entities: [...parts.entities],
    forceUtcTimezone: true,
    loggerFactory: (options) => new StatementSpans(options),
    pool: { min: 0, max: 12 },
  });
  // The inferred type names each entity; ours is the plain one, which every library takes.
  const plain = orm as unknown as MikroORM;
  const pool = await releaseBrokenConnections(plain);
  refuseLateConnections(pool);
  pool.on('error', (error) => log?.warn({ err: error }, 'an idle connection to the database broke'));
  return plain;
}

/** MikroORM reads neither `sslmode` nor `sslrootcert` from the address; the driver does, when it is given the whole. */
const connectionOf = (url: string) => ({ clientUrl: url, driverOptions: { connectionString: url } });

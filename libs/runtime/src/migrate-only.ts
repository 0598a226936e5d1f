// A process that migrates and ends. It is given the owner's address and nothing else; the processes that serve are
// given everything else and never that.
import { z } from 'zod';
import { commonConfig, readConfig } from './config.js';
import { createLogger } from './log.js';

export const migrationConfig = z.object({
  LOG_LEVEL: commonConfig.shape.LOG_LEVEL,
  /** The role that owns the tables. */
  MIGRATION_DATABASE_URL: z.url(),
});

/** Runs the app's migrations; the process ends with 1 when they fail, so that whoever runs it tries again. */
export async function migrateOnly(
  app: string,
  environment: Readonly<Record<string, string | undefined>>,
  migrate: (ownerUrl: string) => Promise<void>,
): Promise<void> {
  const config = readConfig(migrationConfig, environment);
  const log = createLogger(app, config.LOG_LEVEL);
  try {
    await migrate(config.MIGRATION_DATABASE_URL);
    log.info('the database is up to date');
  } catch (error) {
    log.fatal({ err: error }, 'the database could not be migrated');
    process.exitCode = 1;
  }
}

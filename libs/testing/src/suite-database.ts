// A database of its own for each suite, on the PostgreSQL that the run started (jest's global setup).
import { randomBytes } from 'node:crypto';
import { createAppDatabase, dropDatabase, type AppDatabase } from './app-database.js';

/** The superuser URL of this run's PostgreSQL; set by jest's global setup. */
export const postgresUrlVariable = 'CAREGRAPH_TEST_POSTGRES_URL';

export interface SuiteDatabase extends AppDatabase {
  drop(): Promise<void>;
}

/** Creates an empty database with an owner and an app role. `drop` it in `afterAll`. */
export async function suiteDatabase(label = 'suite'): Promise<SuiteDatabase> {
  const url = process.env[postgresUrlVariable];
  if (!url)
    throw new Error(
      `${postgresUrlVariable} is not set: run the tests through npm test, or npx jest in the root.`,
    );
  const postgres = {
    adminUrl: (database = 'postgres') => {
      const admin = new URL(url);
      admin.pathname = `/${database}`;
      return admin.toString();
    },
  };
  const database = await createAppDatabase(postgres, `${label}_${randomBytes(5).toString('hex')}`, 'suite');
  return { ...database, drop: () => dropDatabase(postgres, database.name) };
}

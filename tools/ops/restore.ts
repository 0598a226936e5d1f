// `npm run ops -- restore`: a backup into the databases of a stack, whose apps stand still meanwhile.
import fs from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { migrateEventLog } from '@caregraph/messaging';
import { apps, eventLogDatabase } from '../stack/apps.js';
import { connectStack } from '../stack/client.js';
import { manifestOf, type Backup } from './backup.js';
import { checkFiles, firstInhabited, loadDatabase } from './support/load.js';
import { CannotDo, runningStack, stackFile } from './support/stack.js';

export const usage = `
restore <folder> [--replace]  a backup into the stack's databases; refused where there is something, unless it may go`;

export async function run([folder, option]: readonly string[]): Promise<number> {
  if (!folder || ![undefined, '--replace'].includes(option)) return 2;
  const backup = readBackup(folder);
  for (const dump of backup.databases) checkFiles(folder, dump);
  const { databases } = runningStack();
  const urlOf = (name: string): string => {
    const url = databases[name]?.ownerUrl;
    if (!url) throw new CannotDo(`The stack has no database ${name}.`);
    return url;
  };
  for (const { name } of backup.databases) {
    const table = await withClient(urlOf(name), firstInhabited);
    if (table && option !== '--replace')
      throw new CannotDo(`${table} of ${name} is not empty: --replace throws away what the databases hold.`);
  }
  await whileAppsStandStill(async () => {
    for (const dump of backup.databases) {
      await migrate(dump.name, urlOf(dump.name));
      await withClient(urlOf(dump.name), (client) => loadDatabase(client, folder, dump));
      console.log(`${dump.name} is as it was.`);
    }
  });
  console.log(
    `The databases are as of ${backup.takenAt}. Whoever was erased since must be erased again: see docs/operations.md.`,
  );
  return 0;
}

function readBackup(folder: string): Backup {
  const file = manifestOf(folder);
  if (!fs.existsSync(file))
    throw new CannotDo(`${file} is not there: ${path.resolve(folder)} holds no whole backup.`);
  const backup = JSON.parse(fs.readFileSync(file, 'utf8')) as Omit<Backup, 'format'> & { format: number };
  if (backup.format !== 2) throw new CannotDo(`The backup has the format ${backup.format}; this is for 2.`);
  return { ...backup, format: 2 };
}

/** Makes the tables where there are none, as the app itself would. */
async function migrate(database: string, ownerUrl: string): Promise<void> {
  if (database === eventLogDatabase) {
    await migrateEventLog(ownerUrl);
    return;
  }
  const app = apps.find((each) => each.database === database)?.name;
  if (!app) throw new CannotDo(`No app has the database ${database}.`);
  const migration = (await import(`../../apps/${app}/src/migrate-database.js`)) as {
    migrate: (ownerUrl: string) => Promise<void>;
  };
  await migration.migrate(ownerUrl);
}

/** A file that names only databases belongs to no supervisor: then the operator has stopped the apps. */
async function whileAppsStandStill(work: () => Promise<void>): Promise<void> {
  const { control, pids } = runningStack() as Partial<ReturnType<typeof runningStack>>;
  const storing = apps.filter(({ name, database }) => database && pids?.[name]).map(({ name }) => name);
  if (!control || storing.length === 0) {
    await work();
    return;
  }
  const stack = connectStack(stackFile());
  await Promise.all(storing.map((app) => stack.stopApp(app)));
  try {
    await work();
  } finally {
    await Promise.all(storing.map((app) => stack.startApp(app)));
  }
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

// `npm run ops -- backup`: all databases into a folder, while the apps work. Personal data is sealed in it as it is in
// the databases; the keys are not in it, and it is worth nothing without them.
import fs from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { eventLogDatabase } from '../stack/apps.js';
import {
  dumpDatabase,
  dumpTable,
  openSnapshot,
  tablesOf,
  type DatabaseDump,
  type TableDump,
} from './support/dump.js';
import { CannotDo, runningStack } from './support/stack.js';

export const usage = `
backup <folder>  all databases into a new folder, each as of one moment; the keys are not in it, keep them elsewhere`;

export interface Backup {
  readonly format: 2;
  readonly takenAt: string;
  readonly databases: readonly DatabaseDump[];
}

/** Written last: a folder without it is half a backup. */
export const manifestOf = (folder: string): string => path.join(folder, 'backup.json');

export async function run([folder]: readonly string[]): Promise<number> {
  if (!folder) return 2;
  if (fs.existsSync(folder) && fs.readdirSync(folder).length > 0)
    throw new CannotDo(`${folder} is not empty.`);
  const { databases } = runningStack();
  const clients = new Map(
    Object.entries(databases).map(([name, { ownerUrl }]) => [
      name,
      new pg.Client({ connectionString: ownerUrl }),
    ]),
  );
  try {
    await Promise.all([...clients.values()].map((client) => client.connect()));
    const takenAt = new Date().toISOString();
    const dumps = await dumpAll(clients, folder);
    const backup: Backup = { format: 2, takenAt, databases: dumps };
    fs.writeFileSync(manifestOf(folder), `${JSON.stringify(backup, null, 2)}\n`, { mode: 0o600 });
    for (const { name, tables } of dumps)
      console.log(
        `${name}: ${tables.reduce((sum, { rows }) => sum + rows, 0)} rows of ${tables.length} tables`,
      );
    console.log(
      `The backup is in ${path.resolve(folder)}. The keys are not in it: without them it cannot be read.`,
    );
    return 0;
  } finally {
    await Promise.all([...clients.values()].map((client) => client.end()));
  }
}

/**
 * The order makes the parts fit together: how far each app has read the log is taken first and the log itself last.
 * So what an app has said is in the log, and what an app may not have worked off yet comes to it once more, where its
 * inbox knows what it has seen.
 */
async function dumpAll(clients: ReadonlyMap<string, pg.Client>, folder: string): Promise<DatabaseDump[]> {
  for (const name of clients.keys()) fs.mkdirSync(path.join(folder, name), { recursive: true, mode: 0o700 });
  const log = clients.get(eventLogDatabase);
  const offsets = log ? await dumpOffsets(log, path.join(folder, eventLogDatabase)) : [];
  const apps = [...clients].filter(([name]) => name !== eventLogDatabase);
  await Promise.all(apps.map(([, client]) => openSnapshot(client)));
  if (log) await openSnapshot(log);
  const dumps: DatabaseDump[] = [];
  for (const [name, client] of apps) dumps.push(await dumpDatabase(client, name, path.join(folder, name)));
  if (log)
    dumps.push(await dumpDatabase(log, eventLogDatabase, path.join(folder, eventLogDatabase), offsets));
  return dumps;
}

async function dumpOffsets(log: pg.Client, folder: string): Promise<TableDump[]> {
  await openSnapshot(log);
  const tables = (await tablesOf(log)).filter(({ table }) => table === 'public.event_offset');
  const dumps: TableDump[] = [];
  for (const table of tables) dumps.push(await dumpTable(log, table, folder));
  await log.query('commit');
  return dumps;
}

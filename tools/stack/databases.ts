// The stack's PostgreSQL: one server, one database per app and one for the event log.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { createAppDatabase, startPostgres, type AppDatabase, type RunningPostgres } from '@caregraph/testing';
import { eventLogDatabase, type AppDefinition } from './apps.js';
import { openLog } from './logs.js';
import { choosePorts } from './ports.js';

export interface Databases {
  readonly postgres: RunningPostgres;
  /** Starts the server again where it was, once it has ended. */
  readonly startAgain: () => Promise<RunningPostgres>;
  readonly databases: Readonly<Record<string, AppDatabase>>;
}

/**
 * Starts the server in the stack's folder, while `meanwhile` runs, and creates what is missing. A server that a killed
 * supervisor left there is stopped first. When anything fails, nothing is left running.
 */
export async function startDatabases(
  dir: string,
  apps: readonly AppDefinition[],
  {
    meanwhile,
    settings = [],
  }: { meanwhile?: (() => Promise<unknown>) | undefined; settings?: readonly string[] } = {},
): Promise<Databases> {
  // PostgreSQL tells its life on the error stream; that is a log, not an error.
  const log = openLog(dir, 'postgres', () => undefined);
  const { postgres: port } = await choosePorts(['postgres']);
  const start = (): Promise<RunningPostgres> =>
    startPostgres({
      dir: dataFolder(dir),
      ...(port === undefined ? {} : { port }),
      settings,
      log: (text) => {
        log.write('stdout', text);
      },
    });
  const [server, other] = await Promise.allSettled([start(), meanwhile?.()]);
  if (server.status === 'rejected') throw server.reason;
  try {
    if (other.status === 'rejected') throw other.reason;
    const databases = await createDatabases(server.value, apps);
    return { postgres: server.value, startAgain: start, databases };
  } catch (error) {
    await server.value.stop();
    throw error;
  }
}

/** Creates what is missing; what exists is kept, with its rows. */
async function createDatabases(
  postgres: RunningPostgres,
  apps: readonly AppDefinition[],
): Promise<Record<string, AppDatabase>> {
  const names = apps.flatMap(({ database }) => (database === undefined ? [] : [database]));
  const databases = await Promise.all(
    [eventLogDatabase, ...names].map((name) => createAppDatabase(postgres, name)),
  );
  return Object.fromEntries(databases.map((database) => [database.name, database]));
}

/**
 * Where the data lies: in the stack's folder. As root PostgreSQL runs as somebody else, who cannot enter a closed
 * folder such as /root; then it lies beside the system's other data, in a folder named after ours.
 */
export function dataFolder(dir: string): string {
  const inside = path.join(dir, 'postgres');
  if (process.getuid?.() !== 0 || isOpen(dir)) return inside;
  const name = createHash('sha256').update(dir).digest('hex').slice(0, 12);
  const outside = path.join('/var/tmp', `caregraph-${name}`);
  fs.mkdirSync(outside, { recursive: true, mode: 0o711 });
  if (fs.statSync(outside).uid !== 0) throw new Error(`${outside} belongs to somebody else; remove it.`);
  return path.join(outside, 'postgres');
}

/** Whether everybody may pass through the folder and all above it. */
function isOpen(dir: string): boolean {
  for (let folder = dir; ; folder = path.dirname(folder)) {
    if ((fs.statSync(folder).mode & 0o001) === 0) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

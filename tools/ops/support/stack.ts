// Which databases an operator's command works on: those of the stack that runs, or the one that the environment names.
import path from 'node:path';
import { apps, eventLogDatabase } from '../../stack/apps.js';
import { readStackFile, type StackFile } from '../../stack/stack-file.js';

/** Something an operator asked for that cannot be; its message is all that is shown. */
export class CannotDo extends Error {
  override readonly name = 'CannotDo';
}

/** The apps that keep something, by their names. */
export const storingApps: readonly string[] = apps.flatMap(({ name, database }) => (database ? [name] : []));

export interface DatabaseUrls {
  /** The app's own role: rows only. */
  readonly url: string;
  /** The role that owns the tables; left out where the environment does not name it. */
  readonly ownerUrl?: string | undefined;
}

const defaultFile = path.resolve(import.meta.dirname, '../../../.caregraph/stack.json');

/** `stack.json` of the stack that commands act on: CAREGRAPH_STACK_FILE's, else that of npm start. */
export const stackFile = (): string => process.env.CAREGRAPH_STACK_FILE ?? defaultFile;

export const runningStack = (): StackFile => readStackFile(stackFile());

/**
 * The database of an app: DATABASE_URL (and MIGRATION_DATABASE_URL) where given, else the running stack's. Throws
 * CannotDo on an app that there is not.
 */
export function databaseOf(app: string): DatabaseUrls {
  const name = apps.find((each) => each.name === app)?.database;
  if (!name)
    throw new CannotDo(`There is no app "${app}" with a database; there are ${storingApps.join(', ')}.`);
  const { DATABASE_URL: url, MIGRATION_DATABASE_URL: ownerUrl } = process.env;
  return url ? { url, ownerUrl } : stackDatabase(name);
}

/** The event log: EVENT_LOG_URL where given, else the running stack's. */
export function eventLog(): DatabaseUrls {
  const { EVENT_LOG_URL: url, EVENT_LOG_MIGRATION_URL: ownerUrl } = process.env;
  return url ? { url, ownerUrl } : stackDatabase(eventLogDatabase);
}

function stackDatabase(name: string): DatabaseUrls {
  const database = runningStack().databases[name];
  if (!database) throw new CannotDo(`The stack has no database ${name}.`);
  return database;
}

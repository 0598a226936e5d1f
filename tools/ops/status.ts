// `npm run ops -- status`: the whole stack in one table. Queues are read from the databases, so they are seen although
// an app is down; what lies before consumers only they know.
import { NoJobs, openJobCommands } from '@caregraph/jobs';
import { deadLetters, messagingEntities, readOutbox } from '@caregraph/messaging';
import { openDatabase } from '@caregraph/runtime';
import { apps } from '../stack/apps.js';
import { businessTime } from './support/business-time.js';
import { databaseOf, runningStack } from './support/stack.js';

export const usage = `
status  health, outbox, lag, dead letters and late jobs of all apps; exit code 1 when something needs a person`;

interface Line {
  readonly app: string;
  readonly health: string;
  readonly outbox?: number;
  readonly oldestSeconds?: number;
  /** Events not yet worked off; undefined while the app does not answer. */
  readonly lag?: number | undefined;
  readonly deadLetters?: number;
  readonly jobsOverdue?: number;
  readonly jobsFailed?: number;
}

export async function run(): Promise<number> {
  const now = await businessTime();
  const lines = await Promise.all(
    apps.map(({ name, readyPath, database }) => lineOf(name, now, readyPath, database)),
  );
  console.table(lines);
  const troubled = lines.some(
    ({ health, deadLetters = 0, jobsFailed = 0 }) => health !== 'ready' || deadLetters + jobsFailed > 0,
  );
  return troubled ? 1 : 0;
}

async function lineOf(app: string, now: Date, readyPath = '/readyz', database?: string): Promise<Line> {
  const health = await healthOf(app, readyPath);
  if (database === undefined) return { app, health };
  return { app, health, ...(await queuesOf(app, now)), lag: await lagOf(app) };
}

const urlOf = (app: string, path: string): URL => new URL(path, runningStack().urls[app]);

async function healthOf(app: string, path: string): Promise<string> {
  try {
    const response = await fetch(urlOf(app, path), { signal: AbortSignal.timeout(3_000) });
    if (response.ok) return 'ready';
    const { failing = [] } = (await response.json()) as { failing?: string[] };
    return `not ready: ${failing.join(', ')}`;
  } catch {
    return 'does not answer';
  }
}

async function lagOf(app: string): Promise<number | undefined> {
  try {
    const response = await fetch(urlOf(app, '/metrics'), { signal: AbortSignal.timeout(3_000) });
    const figures = (await response.text()).matchAll(/^caregraph_consumer_lag\{[^}]*\} (\d+)/gm);
    return [...figures].reduce((sum, [, lag]) => sum + Number(lag), 0);
  } catch {
    return undefined;
  }
}

async function queuesOf(app: string, now: Date): Promise<Omit<Line, 'app' | 'health'>> {
  const { url } = databaseOf(app);
  const orm = await openDatabase(url, { entities: [...messagingEntities], migrations: [] });
  try {
    const topics = await readOutbox(orm, now);
    return {
      outbox: topics.reduce((sum, { waiting }) => sum + waiting, 0),
      oldestSeconds: Math.max(0, ...topics.map(({ oldestSeconds }) => oldestSeconds)),
      deadLetters: (await deadLetters(orm).list()).length,
      ...(await jobsOf(url)),
    };
  } finally {
    await orm.close();
  }
}

/** Nothing for an app without jobs. */
async function jobsOf(url: string): Promise<Pick<Line, 'jobsOverdue' | 'jobsFailed'>> {
  try {
    const jobs = await openJobCommands(url);
    const { overdue, failed } = await jobs.stats().finally(() => jobs.close());
    return { jobsOverdue: overdue, jobsFailed: failed };
  } catch (error) {
    if (error instanceof NoJobs) return {};
    throw error;
  }
}

// What the specs of this library stand on: an app's database and its entity manager.
import { MikroORM, type EntityManager } from '@mikro-orm/postgresql';
import { offsetClock, suiteDatabase, type SuiteDatabase } from '@caregraph/testing';
import { createLogger } from '@caregraph/runtime';
import { z } from 'zod';
import {
  defineJob,
  migrateJobs,
  startJobs,
  type JobDefinition,
  type Jobs,
  type JobsOptions,
} from './index.js';

export const minute = 60_000;
export const hour = 60 * minute;

/** The one job that most specs use. */
export const note = defineJob('note', z.object({ text: z.string() }), { description: 'Notes a text.' });

/** Its back-off is longer than any spec waits: a takeover must not wait for it. */
export const stubborn = defineJob('stubborn', z.object({}), {
  description: 'Runs until its process is killed.',
  retryDelaySeconds: 600,
});

export interface SpecApp {
  readonly database: SuiteDatabase;
  readonly em: EntityManager;
  /** Starts a process's jobs; they are stopped by `afterEach`. */
  start(options: Partial<JobsOptions>): Promise<Jobs>;
  inTransaction(use: (em: EntityManager) => Promise<unknown>): Promise<void>;
  sql<Row extends object>(text: string): Promise<Row[]>;
}

/** One database for the suite, emptied of jobs before each spec. */
export function specApp(jobs: readonly JobDefinition[] = [note]): SpecApp {
  const running: Jobs[] = [];
  let database: SuiteDatabase;
  let orm: Awaited<ReturnType<typeof connect>>;
  beforeAll(async () => {
    database = await suiteDatabase('jobs');
    await migrateJobs(database.ownerUrl, jobs);
    orm = await connect(database.url);
  });
  beforeEach(async () => {
    await orm.em.execute('delete from jobs.job_common');
    await orm.em.execute('update jobs.clock_offset set offset_ms = 0');
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((started) => started.stop()));
  });
  afterAll(async () => {
    await orm.close();
    await database.drop();
  });
  return {
    get database() {
      return database;
    },
    get em() {
      return orm.em.fork();
    },
    start: async (options) => {
      const log = createLogger('spec', 'silent');
      const started = await startJobs({
        url: database.url,
        work: [],
        clock: offsetClock(),
        log,
        ...options,
      });
      running.push(started);
      return started;
    },
    inTransaction: async (use) => {
      await orm.em.fork().transactional(use);
    },
    sql: (text) => orm.em.fork().execute(text),
  };
}

const connect = (clientUrl: string) =>
  MikroORM.init({ clientUrl, entities: [], discovery: { warnWhenNoEntities: false } });

/** Waits for the observable outcome, and says what was seen instead when it does not come. */
export async function eventually<T>(
  read: () => T | Promise<T>,
  expected: T,
  withinMs = 10_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await read();
    try {
      expect(seen).toEqual(expected);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

// Starts the platform: the only file that constructs anything.
import 'reflect-metadata';
import type { EntityManager } from '@mikro-orm/postgresql';
import { startJobs } from '@caregraph/jobs';
import { prepareTransport, startEvents } from '@caregraph/messaging';
import {
  clockOf,
  createLogger,
  createMetrics,
  followRings,
  gracefulShutdown,
  migrationsApplied,
  openDatabase,
  startTracing,
  systemViewer,
} from '@caregraph/runtime';
import { startSubgraph } from '@caregraph/subgraph';
import { config } from './config.js';
import { consumers } from './consumers.js';
import { databaseParts } from './database.js';
import type { Deps } from './deps.js';
import { grantOperators } from './membership/grant-operators.js';
import { migrate } from './migrate-database.js';
import { schemaParts } from './schema.js';
import { cron, work } from './work.js';

const log = createLogger('platform', config.LOG_LEVEL);
const closing = gracefulShutdown(log);
startTracing('platform', config, closing);
const metrics = createMetrics('platform');
followRings({ config, log, metrics, closing });
const clock = await clockOf(config, log);
closing.add('clock', () => {
  clock.stop();
});

await prepareTransport(config);
if (config.MIGRATION_DATABASE_URL) await migrate(config.MIGRATION_DATABASE_URL);
const orm = await openDatabase(config.DATABASE_URL, databaseParts, log);
closing.add('database', () => orm.close());

const own = () => ({ realNow: new Date(), sessionMaxHours: config.SESSION_MAX_HOURS });
const asSystem = (em: EntityManager, now: Date, requestId: string): Deps => ({
  ...own(),
  em,
  viewer: { ...systemViewer, requestId },
  now,
  requestId,
});

const operators = await grantOperators({ em: orm.em, now: clock.now() }, config.PLATFORM_OPERATORS);
if (operators.length > 0) log.info({ count: operators.length }, 'operators were granted support');

await startEvents({
  app: 'platform',
  config,
  consumers,
  orm,
  depsFor: (em, { id }) => asSystem(em, clock.now(), id),
  log,
  clock,
  metrics,
  closing,
});
const running = await startJobs({
  url: config.DATABASE_URL,
  work: work(({ now, jobId }) => asSystem(orm.em.fork(), now, jobId)),
  cron,
  clock,
  log,
  metrics,
});
closing.add('jobs', () => running.stop());

await startSubgraph({
  ...schemaParts,
  name: 'platform',
  config,
  orm,
  clock,
  log,
  closing,
  probes: { checks: { migrations: migrationsApplied(orm, databaseParts) }, metrics },
  deps: (request) => ({ ...request, ...own() }),
});

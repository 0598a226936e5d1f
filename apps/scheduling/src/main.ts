// Starts scheduling: the only file that constructs anything.
import 'reflect-metadata';
import type { EntityManager } from '@mikro-orm/postgresql';
import { startJobs } from '@caregraph/jobs';
import { prepareTransport, startEvents } from '@caregraph/messaging';
import {
  clockOf,
  createLogger,
  createMetrics,
  createSealer,
  followRings,
  gracefulShutdown,
  migrationsApplied,
  openDatabase,
  startTracing,
  systemViewer,
  watchSealedColumns,
} from '@caregraph/runtime';
import { startSubgraph } from '@caregraph/subgraph';
import { watchSearches } from './availability/availability-metrics.js';
import { config } from './config.js';
import { consumers } from './consumers.js';
import { databaseParts } from './database.js';
import type { Deps } from './deps.js';
import { migrate } from './migrate-database.js';
import { schemaParts } from './schema.js';
import { sealedColumns } from './sealed.js';
import { cron, work } from './work.js';

const log = createLogger('scheduling', config.LOG_LEVEL);
const closing = gracefulShutdown(log);
startTracing('scheduling', config, closing);
const metrics = createMetrics('scheduling');
followRings({ config, log, metrics, closing });
const clock = await clockOf(config, log);
closing.add('clock', () => {
  clock.stop();
});

await prepareTransport(config);
if (config.MIGRATION_DATABASE_URL) await migrate(config.MIGRATION_DATABASE_URL);
const orm = await openDatabase(config.DATABASE_URL, databaseParts, log);
closing.add('database', () => orm.close());

const sealer = createSealer(config.SEALING_KEYS);
const own = { sealer, offerKeys: config.OFFER_KEYS, searches: watchSearches(metrics) };
watchSealedColumns(metrics, orm, sealer, sealedColumns);
const asSystem = (em: EntityManager, now: Date, requestId: string): Deps => ({
  ...own,
  em,
  viewer: { ...systemViewer, requestId },
  now,
  requestId,
});

await startEvents({
  app: 'scheduling',
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
  work: work(({ now, jobId }) => asSystem(orm.em.fork(), now, jobId), log),
  cron,
  clock,
  log,
  metrics,
});
closing.add('jobs', () => running.stop());

await startSubgraph({
  ...schemaParts,
  name: 'scheduling',
  config,
  orm,
  clock,
  log,
  closing,
  probes: {
    checks: { migrations: migrationsApplied(orm, databaseParts) },
    metrics,
  },
  deps: (request) => ({ ...request, ...own }),
});

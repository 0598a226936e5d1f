// Starts booking: the only file that constructs anything.
import 'reflect-metadata';
import type { EntityManager } from '@mikro-orm/postgresql';
import { migrateJobs, startJobs } from '@caregraph/jobs';
import { prepareTransport, startEvents } from '@caregraph/messaging';
import {
  clockOf,
  createLogger,
  createMetrics,
  createSealer,
  gracefulShutdown,
  migrateDatabase,
  openDatabase,
  systemViewer,
} from '@caregraph/runtime';
import { startSubgraph } from '@caregraph/subgraph';
import { announceAppointments, listenForAppointments } from './appointment/watch-appointments.js';
import { config } from './config.js';
import { consumers } from './consumers.js';
import { databaseParts } from './database.js';
import type { Deps } from './deps.js';
import { schemaParts } from './schema.js';
import { cron, jobs, work } from './work.js';

const log = createLogger('booking', config.LOG_LEVEL);
const closing = gracefulShutdown(log);
const metrics = createMetrics('booking');
const clock = await clockOf(config, log);
closing.add('clock', () => {
  clock.stop();
});

await prepareTransport(config);
if (config.MIGRATION_DATABASE_URL) {
  await migrateDatabase(config.MIGRATION_DATABASE_URL, databaseParts);
  await migrateJobs(config.MIGRATION_DATABASE_URL, jobs);
}
const orm = await openDatabase(config.DATABASE_URL, databaseParts, log);
closing.add('database', () => orm.close());

const sealer = createSealer(config.SEALING_KEYS);
const own = { sealer, offerKeys: config.OFFER_KEYS };
const asSystem = (em: EntityManager, now: Date, requestId: string): Deps => ({
  ...own,
  em,
  viewer: { ...systemViewer, requestId },
  now,
  requestId,
});

const listening = listenForAppointments(config.DATABASE_URL, log);
closing.add('listening', () => listening.close());
await startEvents({
  app: 'booking',
  config,
  consumers,
  orm,
  depsFor: (em, { id }) => asSystem(em, clock.now(), id),
  log,
  clock,
  metrics,
  closing,
  onPublished: announceAppointments(orm),
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
  name: 'booking',
  config,
  orm,
  clock,
  log,
  closing,
  probes: { checks: { database: () => orm.em.fork().execute('select 1') }, metrics },
  deps: (request) => ({ ...request, ...own }),
});

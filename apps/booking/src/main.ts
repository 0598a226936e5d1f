// Starts booking: the only file that constructs anything.
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
import { announceAppointments, listenForAppointments } from './appointment/watch-appointments.js';
import { config } from './config.js';
import { consumers } from './consumers.js';
import { databaseParts } from './database.js';
import type { Deps } from './deps.js';
import { migrate } from './migrate-database.js';
import { schemaParts } from './schema.js';
import { sealedColumns } from './sealed.js';
import { addRequestGauges, bookingHealth } from './watch/booking-health.js';
import { countBookings } from './watch/booking-metrics.js';
import { cron, work } from './work.js';

const log = createLogger('booking', config.LOG_LEVEL);
const closing = gracefulShutdown(log);
startTracing('booking', config, closing);
const metrics = createMetrics('booking');
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
const own = { sealer, offerKeys: config.OFFER_KEYS };
watchSealedColumns(metrics, orm, sealer, sealedColumns);
const asSystem = (em: EntityManager, now: Date, requestId: string): Deps => ({
  ...own,
  em,
  viewer: { ...systemViewer, requestId },
  now,
  requestId,
});

const watched = { orm, clock, limits: config };
addRequestGauges(metrics, watched);
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
  announce: announceAppointments,
  onPublished: countBookings(metrics, orm),
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
  probes: {
    checks: { migrations: migrationsApplied(orm, databaseParts) },
    metrics,
    health: bookingHealth({ ...watched, jobs: running }),
  },
  deps: (request) => ({ ...request, ...own }),
});

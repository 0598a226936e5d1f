// Starts calendar-sync: the only file that constructs anything.
import 'reflect-metadata';
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
import { migrate } from './migrate-database.js';
import { schemaParts } from './schema.js';

const log = createLogger('calendar-sync', config.LOG_LEVEL);
const closing = gracefulShutdown(log);
startTracing('calendar-sync', config, closing);
const metrics = createMetrics('calendar-sync');
followRings({ config, log, metrics, closing });
const clock = await clockOf(config, log);
closing.add('clock', () => {
  clock.stop();
});

await prepareTransport(config);
if (config.MIGRATION_DATABASE_URL) await migrate(config.MIGRATION_DATABASE_URL);
const orm = await openDatabase(config.DATABASE_URL, databaseParts, log);
closing.add('database', () => orm.close());

await startEvents({
  app: 'calendar-sync',
  config,
  consumers,
  orm,
  depsFor: (em, { id }) => ({
    em,
    viewer: { ...systemViewer, requestId: id },
    now: clock.now(),
    requestId: id,
  }),
  log,
  clock,
  metrics,
  closing,
});

await startSubgraph({
  ...schemaParts,
  name: 'calendar-sync',
  config,
  orm,
  clock,
  log,
  closing,
  probes: { checks: { migrations: migrationsApplied(orm, databaseParts) }, metrics },
  deps: (request) => request,
});

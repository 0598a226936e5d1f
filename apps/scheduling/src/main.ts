// Starts scheduling: the only file that constructs anything.
import 'reflect-metadata';
import {
  addMessagingMetrics,
  migrateEventLog,
  postgresTransport,
  startConsumers,
  startRelay,
} from '@caregraph/messaging';
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
import { config } from './config.js';
import { consumers } from './consumers.js';
import { databaseParts } from './database.js';
import { schemaParts } from './schema.js';

const log = createLogger('scheduling', config.LOG_LEVEL);
const closing = gracefulShutdown(log);
const metrics = createMetrics('scheduling');
const clock = await clockOf(config, log);
closing.add('clock', () => {
  clock.stop();
});

if (config.EVENT_LOG_MIGRATION_URL) await migrateEventLog(config.EVENT_LOG_MIGRATION_URL);
if (config.MIGRATION_DATABASE_URL) await migrateDatabase(config.MIGRATION_DATABASE_URL, databaseParts);
const orm = await openDatabase(config.DATABASE_URL, databaseParts, log);
closing.add('database', () => orm.close());

const own = { sealer: createSealer(config.SEALING_KEYS), offerKeys: config.OFFER_KEYS };
const transport = postgresTransport({ url: config.EVENT_LOG_URL, log });
closing.add('event log', () => transport.close());
const relay = startRelay({ orm, transport, log, clock });
closing.add('relay', () => relay.stop());
const consuming = await startConsumers({
  group: 'scheduling',
  consumers,
  orm,
  transport,
  depsFor: (em, { id }) => ({
    ...own,
    em,
    viewer: { ...systemViewer, requestId: id },
    now: clock.now(),
    requestId: id,
  }),
  log,
  clock,
});
closing.add('consumers', () => consuming.stop());
addMessagingMetrics(metrics, { relay, consumers: consuming });

await startSubgraph({
  ...schemaParts,
  name: 'scheduling',
  config,
  orm,
  clock,
  log,
  closing,
  probes: {
    checks: { database: () => orm.em.fork().execute('select 1') },
    metrics,
  },
  deps: (request) => ({ ...request, ...own }),
});

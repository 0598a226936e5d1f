// Starts payments. The only file that constructs anything.
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
  readConfig,
  startTracing,
  systemViewer,
  watchSealedColumns,
} from '@caregraph/runtime';
import { startSubgraph, type RequestDeps } from '@caregraph/subgraph';
import { paymentsConfig } from './config.js';
import { consumers } from './consumers.js';
import { databaseParts } from './database.js';
import type { Deps } from './deps.js';
import { migrate } from './migrate-database.js';
import { countPayments, paymentsHealth, watchPayments } from './metrics.js';
import { schemaParts } from './schema.js';
import { sealedColumns } from './sealed.js';
import { stripeClient } from './stripe/stripe-client.js';
import { stripeProcessor } from './stripe/stripe-processor.js';
import { tracedProcessor } from './stripe/traced-processor.js';
import { stripeWebhook } from './stripe/stripe-webhook.js';
import { cron, paymentWork } from './work.js';

const config = readConfig(paymentsConfig, process.env);
const log = createLogger('payments', config.LOG_LEVEL);
const closing = gracefulShutdown(log);
startTracing('payments', config, closing);
const metrics = createMetrics('payments');
followRings({ config, log, metrics, closing });

if (config.MIGRATION_DATABASE_URL) await migrate(config.MIGRATION_DATABASE_URL);
await prepareTransport(config);

const clock = await clockOf(config, log);
closing.add('clock', () => clock.stop());
const orm = await openDatabase(config.DATABASE_URL, databaseParts, log);
closing.add('database', () => orm.close());

const own = {
  processor: tracedProcessor(stripeProcessor(stripeClient(config))),
  sealer: createSealer(config.SEALING_KEYS),
  publishableKey: config.STRIPE_PUBLISHABLE_KEY,
};
const depsOf = (request: RequestDeps): Deps => ({ ...request, ...own });

const running = await startJobs({
  url: config.DATABASE_URL,
  work: paymentWork(
    ({ jobId, now }) => depsOf({ em: orm.em.fork(), viewer: systemViewer, now, requestId: jobId }),
    log,
  ),
  cron,
  clock,
  log,
  metrics,
});
closing.add('jobs', () => running.stop());

await startEvents<Deps>({
  app: 'payments',
  config,
  consumers,
  orm,
  log,
  clock,
  depsFor: (em, { id }) => depsOf({ em, viewer: systemViewer, now: clock.now(), requestId: id }),
  metrics,
  closing,
  onPublished: countPayments(metrics, orm),
});
watchPayments(metrics, orm);
watchSealedColumns(metrics, orm, own.sealer, sealedColumns);

await startSubgraph<Deps>({
  name: 'payments',
  config,
  ...schemaParts,
  orm,
  clock,
  log,
  closing,
  probes: {
    checks: {
      migrations: migrationsApplied(orm, databaseParts),
      jobs: () => running.jobStats(),
    },
    metrics,
    health: paymentsHealth(orm, config),
  },
  deps: depsOf,
  routes: (server) => {
    stripeWebhook(server, {
      secrets: config.STRIPE_WEBHOOK_SECRET,
      em: () => orm.em.fork(),
      now: () => clock.now(),
    });
  },
});

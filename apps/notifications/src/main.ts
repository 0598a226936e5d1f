// Starts notifications: the only file that constructs anything.
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
import { config } from './config.js';
import { consumers } from './consumers.js';
import { databaseParts } from './database.js';
import type { Deps } from './deps.js';
import { migrate } from './migrate-database.js';
import { tellOutcomes } from './notification/outcomes.js';
import { schemaParts } from './schema.js';
import { sealedColumns } from './sealed.js';
import { openSendGrid } from './sendgrid/sendgrid.js';
import { sendGridWebhook } from './sendgrid/webhook.js';
import { addressHasher } from './suppression/address-hash.js';
import { loadTemplates } from './template/templates.js';
import { cron, work } from './work.js';

const log = createLogger('notifications', config.LOG_LEVEL);
const closing = gracefulShutdown(log);
startTracing('notifications', config, closing);
const metrics = createMetrics('notifications');
followRings({ config, log, metrics, closing });
const tell = tellOutcomes(metrics, log);
const writer = { templates: loadTemplates(), publicWebUrl: config.PUBLIC_WEB_URL };
const clock = await clockOf(config, log);
closing.add('clock', () => {
  clock.stop();
});

await prepareTransport(config);
if (config.MIGRATION_DATABASE_URL) await migrate(config.MIGRATION_DATABASE_URL);
const orm = await openDatabase(config.DATABASE_URL, databaseParts, log);
closing.add('database', () => orm.close());

const sealer = createSealer(config.SEALING_KEYS);
const own = { sealer, addressHash: addressHasher(config.BLIND_INDEX_KEYS) };
watchSealedColumns(metrics, orm, sealer, sealedColumns);
const asSystem = (em: EntityManager, now: Date, requestId: string): Deps => ({
  ...own,
  em,
  viewer: { ...systemViewer, requestId },
  now,
  requestId,
});
const sendMail = openSendGrid({
  apiKey: config.SENDGRID_API_KEY,
  apiBase: config.SENDGRID_API_BASE,
  from: config.MAIL_FROM,
});

await startEvents({
  app: 'notifications',
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
  work: work(({ now, jobId }) => ({ ...asSystem(orm.em.fork(), now, jobId), writer, sendMail, tell }), log),
  cron,
  clock,
  log,
  metrics,
});
closing.add('jobs', () => running.stop());

await startSubgraph({
  ...schemaParts,
  name: 'notifications',
  config,
  orm,
  clock,
  log,
  closing,
  probes: { checks: { migrations: migrationsApplied(orm, databaseParts) }, metrics },
  deps: (request) => ({ ...request, ...own }),
  routes: (server) => {
    sendGridWebhook(server, {
      keys: config.SENDGRID_WEBHOOK_PUBLIC_KEY,
      realNow: () => Date.now(),
      now: () => clock.now(),
      em: () => orm.em.fork(),
      tell,
      log,
    });
  },
});

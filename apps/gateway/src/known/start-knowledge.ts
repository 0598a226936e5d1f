// Knowledge over the gateway's own database, kept up to date by notices and by the platform's events.
import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import { listenForNotices } from '@caregraph/messaging';
import type { Closing, HealthChecks, Logger } from '@caregraph/runtime';
import { followPlatform, type PlatformConfig } from './follow-platform.js';
import { Knowledge, type KnowledgeLimits } from './knowledge.js';
import { addKnownMetrics } from './known-metrics.js';
import { knownChannel } from './notice.js';
import { databaseSource } from './source.js';

export interface StartedKnowledge {
  readonly known: Knowledge;
  /**
   * A readiness check. It passes from then on when all was read for the first time, the platform's events among it:
   * later, without the database, all replicas would go at once, and with them callers who need nothing of it.
   */
  readonly ready: () => Promise<void>;
  readonly health: () => HealthChecks;
}

/** All is read every 30 seconds; so old, in seconds, it has failed more than once. */
const oldSeconds = 90;

export interface KnowledgeParts {
  readonly config: PlatformConfig;
  /** Of the gateway's own database; ended with the knowledge. */
  readonly pool: Pool;
  readonly log: Logger;
  readonly registry: Registry;
  readonly closing: Pick<Closing, 'add'>;
  readonly limits?: Partial<KnowledgeLimits>;
}

/** Returns at once; what is known comes as soon as there is a database. */
export function startKnowledge({
  config,
  pool,
  log,
  registry,
  closing,
  limits,
}: KnowledgeParts): StartedKnowledge {
  pool.on('error', (error) => log.warn({ err: error }, 'an idle connection to the database broke'));
  const known = new Knowledge({ source: databaseSource(pool), log, ...(limits ? { limits } : {}) });
  const listening = listenForNotices({
    url: config.DATABASE_URL,
    channel: knownChannel,
    log,
    onNotice: (text) => {
      known.hear(text);
    },
    onConnected: () => {
      known.listens();
    },
  });
  closing.add('knowledge', async () => {
    known.stop();
    await listening.close();
    await pool.end();
  });
  addKnownMetrics(registry, known);

  let isFollowing = false;
  void followPlatform({ config, log, registry, closing }).then((follows) => {
    isFollowing = follows;
  });
  return {
    known,
    ready: () =>
      isFollowing && known.ageSeconds < Infinity
        ? Promise.resolve()
        : Promise.reject(new Error("The platform's events are not worked off yet.")),
    health: () => ({ knowledge: { status: known.ageSeconds < oldSeconds ? 'healthy' : 'degraded' } }),
  };
}

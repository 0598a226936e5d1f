// Takes the platform's events into the gateway's copies. Neither a database nor an event log that is away keeps the
// gateway from serving: it begins as soon as both are there.
import { setTimeout as pause } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import {
  addConsumerMetrics,
  openTransport,
  prepareTransport,
  startConsumers,
  type RunningConsumers,
  type TransportConfig,
} from '@caregraph/messaging';
import { openDatabase, systemClock, type Closing, type Logger } from '@caregraph/runtime';
import { consumers } from '../consumers.js';
import { databaseParts } from '../database.js';
import { migrate } from '../migrate-database.js';

export interface PlatformConfig extends TransportConfig {
  readonly DATABASE_URL: string;
  readonly MIGRATION_DATABASE_URL?: string | undefined;
}

export interface FollowOptions {
  readonly config: PlatformConfig;
  readonly log: Logger;
  readonly registry: Registry;
  readonly closing: Pick<Closing, 'add'>;
  /** How long until the next try, in milliseconds. */
  readonly retryMs?: number;
}

/** Resolves with true once what had happened before is in the copies; with false when it is closed before that. */
export async function followPlatform(options: FollowOptions): Promise<boolean> {
  const { log, registry, closing, retryMs = 1_000 } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  closing.add('start of consumers', () => {
    stopping.abort();
  });
  let running: RunningConsumers | undefined;
  while (!signal.aborted) {
    try {
      running ??= await begin(options, registry);
      await running.drain();
      return true;
    } catch (error) {
      log.warn({ err: error }, 'the platform cannot be followed yet');
      await pause(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return false;
}

/** What an attempt opened before it failed is closed again. */
async function begin({ config, log, closing }: FollowOptions, registry: Registry): Promise<RunningConsumers> {
  if (config.MIGRATION_DATABASE_URL) await migrate(config.MIGRATION_DATABASE_URL);
  await prepareTransport(config);
  const transport = openTransport(config, log);
  const orm = await openDatabase(config.DATABASE_URL, databaseParts, log);
  const close = async (): Promise<void> => {
    await transport.close();
    await orm.close();
  };
  try {
    const running = await startConsumers({
      group: 'gateway',
      consumers,
      orm,
      transport,
      depsFor: (em) => ({ em }),
      log,
      clock: systemClock,
    });
    closing.add('event transport', close);
    closing.add('consumers', () => running.stop());
    addConsumerMetrics(registry, running);
    return running;
  } catch (error) {
    await close();
    throw error;
  }
}

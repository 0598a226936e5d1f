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
  const opened = new Opened();
  let attempt: Promise<unknown> = Promise.resolve();
  closing.add("the platform's events", async () => {
    stopping.abort();
    // An attempt that waits for a broker that is away ends with the process.
    await Promise.race([attempt.catch(() => undefined), pause(patience)]);
    await opened.close();
  });
  let running: RunningConsumers | undefined;
  while (!signal.aborted) {
    try {
      if (!running) {
        const beginning = begin(options, opened);
        attempt = beginning;
        running = await beginning;
        addConsumerMetrics(registry, running);
      }
      await running.drain();
      return true;
    } catch (error) {
      if (!running) await opened.close();
      log.warn({ err: error }, 'the platform cannot be followed yet');
      await pause(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return false;
}

/** How long an attempt under way is waited for when the process ends, in milliseconds. */
const patience = 2_000;

async function begin({ config, log }: FollowOptions, opened: Opened): Promise<RunningConsumers> {
  if (config.MIGRATION_DATABASE_URL) await migrate(config.MIGRATION_DATABASE_URL);
  await prepareTransport(config);
  const transport = openTransport(config, log);
  opened.add(() => transport.close());
  const orm = await openDatabase(config.DATABASE_URL, databaseParts, log);
  opened.add(() => orm.close());
  const running = await startConsumers({
    group: 'gateway',
    consumers,
    orm,
    transport,
    depsFor: (em) => ({ em }),
    log,
    clock: systemClock,
  });
  opened.add(() => running.stop());
  return running;
}

/** What was opened, to be closed in the reverse order. */
class Opened {
  private readonly closes: (() => Promise<void>)[] = [];

  add(close: () => Promise<void>): void {
    this.closes.push(close);
  }

  async close(): Promise<void> {
    for (let close = this.closes.pop(); close; close = this.closes.pop()) await close();
  }
}

// All that an app does with events, in one call: its transport, the relay of its outbox, its consumers, their figures.
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Clock, Closing, Logger } from '@caregraph/runtime';
import type { Registry } from 'prom-client';
import { addMessagingMetrics } from './metrics.js';
import { openTransport, type TransportConfig } from './open-transport.js';
import { startRelay, type RelayOptions } from './relay.js';
import { startConsumers, type ConsumersOptions, type RunningConsumers } from './start-consumers.js';

export interface EventsOptions<Deps> {
  /** The app's name: its consumer group. */
  readonly app: string;
  readonly config: TransportConfig;
  readonly consumers: ConsumersOptions<Deps>['consumers'];
  /** What the consumers work with, made afresh for each event; `em` is in the event's transaction. */
  readonly depsFor: ConsumersOptions<Deps>['depsFor'];
  readonly orm: MikroORM;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Registry;
  /** Closes consumers first, then the relay, then the transport. */
  readonly closing: Closing;
  readonly announce?: RelayOptions['announce'];
  readonly onPublished?: RelayOptions['onPublished'];
}

/** Resolves once the app has taken its first share of the events. */
export async function startEvents<Deps>(options: EventsOptions<Deps>): Promise<RunningConsumers> {
  const { app, config, consumers, depsFor, orm, clock, log, metrics, closing } = options;
  const { announce, onPublished } = options;
  const transport = openTransport(config, log);
  closing.add('event transport', () => transport.close());
  const common = { orm, transport, log, clock };
  const relay = startRelay({ ...common, announce, ...(onPublished ? { onPublished } : {}) });
  closing.add('relay', () => relay.stop());
  const consuming = await startConsumers({ ...common, group: app, consumers, depsFor });
  closing.add('consumers', () => consuming.stop());
  addMessagingMetrics(metrics, { relay, consumers: consuming });
  return consuming;
}

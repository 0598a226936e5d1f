// Which transport carries events is said by the configuration, in one place for all apps.
import type { Logger } from '@caregraph/runtime';
import type { EventTransport } from './event-transport.js';
import { kafkaOptions, type KafkaConfig } from './kafka/settings.js';
import { kafkaTransport } from './kafka/transport.js';
import { migrateEventLog } from './postgres/schema.js';
import { postgresTransport } from './postgres/transport.js';

export interface TransportConfig extends KafkaConfig {
  /** The embedded event log, as a role that reads and writes rows. KAFKA_BROKERS wins over it. */
  readonly EVENT_LOG_URL?: string | undefined;
  /** The same as its owner: its tables are made before it is used. Left out: somebody else makes them. */
  readonly EVENT_LOG_MIGRATION_URL?: string | undefined;
}

/** Makes what the transport needs before it can be opened. Kafka's topics are made by `npm run kafka:topics`. */
export async function prepareTransport(config: TransportConfig): Promise<void> {
  if (config.KAFKA_BROKERS || !config.EVENT_LOG_MIGRATION_URL) return;
  await migrateEventLog(config.EVENT_LOG_MIGRATION_URL);
}

/** Opens the transport that the configuration names; `readConfig` has seen to it that it names one. */
export function openTransport(config: TransportConfig, log: Logger): EventTransport {
  if (config.KAFKA_BROKERS) return kafkaTransport(kafkaOptions(config, log));
  return postgresTransport({ url: config.EVENT_LOG_URL ?? '', log });
}

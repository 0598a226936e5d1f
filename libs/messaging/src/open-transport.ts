// Which transport carries events is said by the configuration, in one place for all apps.
import type { Logger } from '@caregraph/runtime';
import type { EventTransport } from './event-transport.js';
import { migrateEventLog } from './postgres/schema.js';
import { postgresTransport } from './postgres/transport.js';

export interface TransportConfig {
  /** The embedded event log, as a role that reads and writes rows. */
  readonly EVENT_LOG_URL: string;
  /** The same as its owner: its tables are made before it is used. Left out: somebody else makes them. */
  readonly EVENT_LOG_MIGRATION_URL?: string | undefined;
}

/** Makes what the transport needs before it can be opened. */
export async function prepareTransport(config: TransportConfig): Promise<void> {
  if (config.EVENT_LOG_MIGRATION_URL) await migrateEventLog(config.EVENT_LOG_MIGRATION_URL);
}

/** Opens the transport that the configuration names. */
export const openTransport = (config: TransportConfig, log: Logger): EventTransport =>
  postgresTransport({ url: config.EVENT_LOG_URL, log });

// The one place where a client of kafkajs is made: who it talks to, how it retries, and where its words go.
import {
  Kafka,
  logLevel,
  type ISocketFactory,
  type LogEntry,
  type RetryOptions,
  type SASLOptions,
} from 'kafkajs';
import type { ConnectionOptions } from 'node:tls';
import type { Logger } from '@caregraph/runtime';

export interface KafkaOptions {
  /** `host:port` of at least one broker; the others are learned from it. */
  readonly brokers: readonly string[];
  /** TLS; with `cert` and `key` the broker knows us by our certificate. Left out: plain text. */
  readonly tls?: ConnectionOptions | undefined;
  readonly sasl?: SASLOptions | undefined;
  /** How the broker's logs and quotas name us; `caregraph` when left out. */
  readonly clientId?: string | undefined;
  readonly log: Logger;
  /**
   * After so long without a sign of life a member counts as dead and its partitions go to the others, milliseconds;
   * 10 seconds when left out. The broker sets bounds, usually 6 seconds to 30 minutes.
   */
  readonly sessionTimeoutMs?: number | undefined;
  /** How sockets are opened; specs put a bad network in between. */
  readonly socketFactory?: ISocketFactory | undefined;
}

/** Short: what goes on longer is started anew by ourselves, with a fresh client. */
export const shortRetry = {
  initialRetryTime: 100,
  maxRetryTime: 1_000,
  retries: 4,
} satisfies RetryOptions;

export const makeClient = ({ brokers, tls, sasl, clientId, log, socketFactory }: KafkaOptions): Kafka =>
  new Kafka({
    clientId: clientId ?? 'caregraph',
    brokers: [...brokers],
    ...(tls && { ssl: tls }),
    ...(sasl && { sasl }),
    ...(socketFactory && { socketFactory }),
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: shortRetry,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      write(log, entry);
    },
  });

/** Each attempt to connect fails with a line of its own there; what comes of it is told by whoever wanted to connect. */
const chatty = new Set(['Connection', 'BrokerPool']);

/** One level lower than kafkajs says it: it shouts of what is mended by the next try. */
function write(
  log: Logger,
  { level, namespace, log: { message, groupId, topic, partition } }: LogEntry,
): void {
  const fields = {
    reason: message,
    group: groupId as unknown,
    topic: topic as unknown,
    partition: partition as unknown,
  };
  if (level === logLevel.ERROR && !chatty.has(namespace))
    log.warn(fields, 'the Kafka client reports a problem');
  else log.debug(fields, 'the Kafka client says');
}

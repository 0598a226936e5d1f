// From variables of the environment to what a client of Kafka is made of.
import fs from 'node:fs';
import type { Logger } from '@caregraph/runtime';
import type { KafkaOptions } from './client.js';

/** As `databaseConfig` of libs/runtime reads them. */
export interface KafkaConfig {
  readonly KAFKA_BROKERS?: readonly string[] | undefined;
  readonly KAFKA_TLS?: boolean | undefined;
  readonly KAFKA_TLS_CA?: string | undefined;
  readonly KAFKA_TLS_CERT?: string | undefined;
  readonly KAFKA_TLS_KEY?: string | undefined;
  readonly KAFKA_SASL_MECHANISM?: 'plain' | 'scram-sha-256' | 'scram-sha-512' | undefined;
  readonly KAFKA_SASL_USERNAME?: string | undefined;
  readonly KAFKA_SASL_PASSWORD?: string | undefined;
  readonly KAFKA_SESSION_TIMEOUT_MS?: number | undefined;
}

/** Reads the certificates; throws when a file is not there. */
export function kafkaOptions(config: KafkaConfig, log: Logger): KafkaOptions {
  return {
    brokers: config.KAFKA_BROKERS ?? [],
    tls: config.KAFKA_TLS ? tlsOf(config) : undefined,
    sasl: saslOf(config),
    sessionTimeoutMs: config.KAFKA_SESSION_TIMEOUT_MS,
    log,
  };
}

const tlsOf = ({ KAFKA_TLS_CA: ca, KAFKA_TLS_CERT: cert, KAFKA_TLS_KEY: key }: KafkaConfig) => ({
  ...(ca !== undefined && { ca: [fs.readFileSync(ca, 'utf8')] }),
  ...(cert !== undefined && { cert: fs.readFileSync(cert, 'utf8') }),
  ...(key !== undefined && { key: fs.readFileSync(key, 'utf8') }),
});

function saslOf(config: KafkaConfig): KafkaOptions['sasl'] {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username } = config;
  if (mechanism === undefined) return undefined;
  const credentials = { username: username ?? '', password: config.KAFKA_SASL_PASSWORD ?? '' };
  // One branch for each: the type of the library ties a mechanism to its credentials.
  if (mechanism === 'plain') return { mechanism, ...credentials };
  if (mechanism === 'scram-sha-256') return { mechanism, ...credentials };
  return { mechanism, ...credentials };
}

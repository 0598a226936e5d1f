// The Kafka that the environment names, and its topics.
import { z } from 'zod';
import { topics } from '@caregraph/contracts';
import { createTopics, kafkaOptions, type MadeTopic } from '@caregraph/messaging';
import { createLogger, kafkaVariables, readConfig } from '@caregraph/runtime';

type Variables = Readonly<Record<string, string>>;

/** All variables about Kafka, where KAFKA_BROKERS names one. */
export function givenKafka(): Variables | undefined {
  if (!process.env.KAFKA_BROKERS) return undefined;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      name.startsWith('KAFKA_') && value !== undefined ? [[name, value]] : [],
    ),
  );
}

const schema = z.object({
  ...kafkaVariables,
  /** Of topics that are new. */
  KAFKA_PARTITIONS: z.coerce.number().int().min(1).max(1_000).default(4),
  /** On how many brokers each event lies; left out: 3, or as many as there are. */
  KAFKA_REPLICATION: z.coerce.number().int().min(1).optional(),
});

/** Makes the catalogue's topics; throws a ConfigError when the variables are wrong. */
export function makeTopics(variables: Readonly<Record<string, string | undefined>>): Promise<MadeTopic[]> {
  const config = readConfig(schema, variables);
  const log = createLogger('kafka-topics', 'error');
  return createTopics(kafkaOptions(config, log), topics(), {
    partitions: config.KAFKA_PARTITIONS,
    replication: config.KAFKA_REPLICATION,
  });
}

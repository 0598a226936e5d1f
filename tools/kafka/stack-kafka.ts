// Kafka as a part of the local stack: a broker of its own, or the one that KAFKA_BROKERS names, with the catalogue's
// topics.
import path from 'node:path';
import { startBroker, stopLeftoverBroker, type Broker } from './broker.js';
import { givenKafka, makeTopics } from './given.js';

export interface StackKafka {
  /** What each app with events gets. */
  readonly variables: Readonly<Record<string, string>>;
  readonly brokers: string;
  /** The stack's own broker; undefined where KAFKA_BROKERS names another. */
  readonly broker: Broker | undefined;
}

const folderIn = (dir: string): string => path.join(dir, 'kafka');

/** Starts the broker in the stack's folder unless one is given; makes the topics that are missing. */
export async function startStackKafka(dir: string, say: (line: string) => void): Promise<StackKafka> {
  const given = givenKafka();
  const broker = given ? undefined : await startBroker({ dir: folderIn(dir), say });
  // A killed app is missed as soon as the broker allows.
  const own = { KAFKA_BROKERS: broker?.brokers ?? '', KAFKA_SESSION_TIMEOUT_MS: '6000' };
  const variables: StackKafka['variables'] = given ?? own;
  try {
    await makeTopics(variables);
  } catch (error) {
    await broker?.stop();
    throw error;
  }
  return { variables, brokers: variables.KAFKA_BROKERS ?? '', broker };
}

/** Ends the broker of a stack whose supervisor was killed. */
export const stopStackKafka = (dir: string): Promise<void> => stopLeftoverBroker(folderIn(dir));

// The broker under test: topics of a run's own, so that a broker that lives longer can be used again and again.
import { randomBytes } from 'node:crypto';
import type { Topic } from '@caregraph/contracts';
import { silent } from '../app.contract.js';
import type { EventTransport } from '../event-transport.js';
import { makeClient, type KafkaOptions } from './client.js';
import { createTopics } from './topics.js';
import { kafkaTransport } from './transport.js';

export const brokerOptions: KafkaOptions = {
  brokers: (process.env.KAFKA_BROKERS ?? '').split(','),
  log: silent,
  // As short as brokers let it be: a killed member is missed sooner.
  sessionTimeoutMs: 6_000,
};

/** Behind the name of each topic and group; the killed worker is told it. */
export const suffixVariable = 'CONTRACT_SUFFIX';
export const suffix = process.env[suffixVariable] ?? `.${randomBytes(4).toString('hex')}`;

const longer = (name: string): string => `${name}${suffix}`;
const shorter = (name: string): string => name.slice(0, -suffix.length);

export const topicOf = (name: string, over: Partial<Topic> = {}): Topic => ({
  name,
  compacted: false,
  retentionMs: 604_800_000,
  types: [],
  ...over,
});

const made = new Set<string>();

/** As an administrator makes them before an app is started. */
async function make(names: readonly string[], partitions: number): Promise<void> {
  const fresh = [...new Set(names)].filter((name) => !made.has(name));
  if (fresh.length === 0) return;
  await createTopics(
    brokerOptions,
    fresh.map((name) => topicOf(name)),
    { partitions },
  );
  for (const name of fresh) made.add(name);
}

/** The topics of this process. */
export async function removeTopics(): Promise<void> {
  const admin = makeClient(brokerOptions).admin();
  await admin.connect();
  await admin.deleteTopics({ topics: [...made] });
  await admin.disconnect();
}

/** A transport whose topics are made when they are first named, and lie apart from those of other runs. */
export function transportUnderTest(over: Partial<KafkaOptions> = {}, partitions = 4): EventTransport {
  const transport = kafkaTransport({ ...brokerOptions, ...over });
  return {
    append: async (records) => {
      const ours = records.map((record) => ({ ...record, topic: longer(record.topic) }));
      await make(
        ours.map(({ topic }) => topic),
        partitions,
      );
      await transport.append(ours);
    },
    subscribe: async ({ group, topics, onBatch }) => {
      await make(topics.map(longer), partitions);
      return transport.subscribe({
        group: longer(group),
        topics: topics.map(longer),
        onBatch: (batch) =>
          onBatch({
            ...batch,
            topic: shorter(batch.topic),
            events: batch.events.map((event) => ({ ...event, topic: shorter(event.topic) })),
          }),
      });
    },
    lag: async (group, topics) => {
      const lag = await transport.lag(longer(group), topics.map(longer));
      return Object.fromEntries(Object.entries(lag).map(([topic, behind]) => [shorter(topic), behind]));
    },
    seek: (group, position) => transport.seek(longer(group), { ...position, topic: longer(position.topic) }),
    close: () => transport.close(),
  };
}

// Makes the catalogue's topics on Kafka and keeps their settings; an administrator's command, never an app.
import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs';
import type { Topic } from '@caregraph/contracts';
import { makeClient, type KafkaOptions } from './client.js';

export interface TopicLayout {
  /** For topics that are new: another number would send a key elsewhere, and its events would lose their order. */
  readonly partitions: number;
  /** On how many brokers each event lies; left out: 3, or as many as there are. */
  readonly replication?: number | undefined;
}

export interface MadeTopic {
  readonly name: string;
  readonly change: 'created' | 'changed' | 'kept';
  readonly partitions: number;
}

/** Safe to run again, also while everything works: what exists keeps its events and its number of partitions. */
export async function createTopics(
  options: KafkaOptions,
  topics: readonly Topic[],
  layout: TopicLayout,
): Promise<MadeTopic[]> {
  const admin = makeClient(options).admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    const replication = layout.replication ?? Math.min(3, brokers.length);
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !existing.has(name));
    if (missing.length > 0)
      await admin.createTopics({
        waitForLeaders: true,
        topics: missing.map((topic) => declaration(topic, layout.partitions, replication)),
      });
    const made = missing.map(({ name }) => ({
      name,
      change: 'created' as const,
      partitions: layout.partitions,
    }));
    const kept = topics.filter(({ name }) => existing.has(name));
    return [...made, ...(await bringUpToDate(admin, kept))].sort((a, b) => (a.name < b.name ? -1 : 1));
  } finally {
    await admin.disconnect();
  }
}

/** The settings of a topic that are not the broker's own. */
export function topicSettings({ compacted, retentionMs }: Topic): Readonly<Record<string, string>> {
  return compacted
    ? { 'cleanup.policy': 'compact' }
    : { 'cleanup.policy': 'delete', 'retention.ms': String(retentionMs) };
}

const declaration = (topic: Topic, partitions: number, replication: number): ITopicConfig => ({
  topic: topic.name,
  numPartitions: partitions,
  replicationFactor: replication,
  configEntries: Object.entries({
    ...topicSettings(topic),
    // One broker may be away, and what was acknowledged still lies on two.
    ...(replication >= 3 && { 'min.insync.replicas': '2' }),
  }).map(([name, value]) => ({ name, value })),
});

async function bringUpToDate(admin: Admin, topics: readonly Topic[]): Promise<MadeTopic[]> {
  if (topics.length === 0) return [];
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map(({ name }) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
  });
  const { topics: known } = await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) });
  const made: MadeTopic[] = [];
  for (const topic of topics) {
    const entries = resources.find(({ resourceName }) => resourceName === topic.name)?.configEntries ?? [];
    const wanted = topicSettings(topic);
    const isCurrent = Object.entries(wanted).every(([name, value]) =>
      entries.some((entry) => entry.configName === name && entry.configValue === value),
    );
    if (!isCurrent) await changeSettings(admin, topic.name, entries, wanted);
    const partitions = known.find(({ name }) => name === topic.name)?.partitions.length ?? 0;
    made.push({ name: topic.name, change: isCurrent ? 'kept' : 'changed', partitions });
  }
  return made;
}

interface ConfigEntry {
  readonly configName: string;
  readonly configValue: string;
  readonly isDefault: boolean;
}

/** The request replaces all settings of the topic, so those that somebody else made go with it. */
async function changeSettings(
  admin: Admin,
  topic: string,
  entries: readonly ConfigEntry[],
  wanted: Readonly<Record<string, string>>,
): Promise<void> {
  const own = entries
    .filter(({ isDefault }) => !isDefault)
    .map((entry) => [entry.configName, entry.configValue]);
  const settings = { ...(Object.fromEntries(own) as Record<string, string>), ...wanted };
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name: topic,
        configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
      },
    ],
  });
}

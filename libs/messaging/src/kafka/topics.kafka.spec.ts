import { randomBytes } from 'node:crypto';
import { eventually } from '@caregraph/testing';
import kafkajs from 'kafkajs';
import { makeClient } from './client.js';
import { brokerOptions, topicOf } from './spec-broker.js';
import { createTopics } from './topics.js';

describe('the command that makes topics', () => {
  const run = randomBytes(4).toString('hex');
  const [state, saga] = [`topics.state-${run}`, `topics.saga-${run}`];
  const wanted = [topicOf(saga), topicOf(state, { compacted: true, retentionMs: null })];
  const admin = makeClient(brokerOptions).admin();
  beforeAll(() => admin.connect());
  afterAll(async () => {
    await admin.deleteTopics({ topics: [state, saga] });
    await admin.disconnect();
  });

  const setting = async (topic: string, name: string): Promise<string | undefined> => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: [name] }],
    });
    return resources[0]?.configEntries[0]?.configValue;
  };
  /** A broker hears of what the controller has decided a moment later. */
  const untilSet = (topic: string, name: string, value: string): Promise<true> =>
    eventually(`${name} of ${topic} is ${value}`, async () =>
      (await setting(topic, name)) === value ? true : undefined,
    );

  it('makes what is missing, compacted or kept for a while, and leaves it alone the next time', async () => {
    expect(await createTopics(brokerOptions, wanted, { partitions: 3 })).toEqual([
      { name: saga, change: 'created', partitions: 3 },
      { name: state, change: 'created', partitions: 3 },
    ]);
    await untilSet(state, 'cleanup.policy', 'compact');
    await untilSet(saga, 'cleanup.policy', 'delete');
    await untilSet(saga, 'retention.ms', '604800000');
    expect(await createTopics(brokerOptions, wanted, { partitions: 5 })).toEqual([
      { name: saga, change: 'kept', partitions: 3 },
      { name: state, change: 'kept', partitions: 3 },
    ]);
  });

  it('changes settings that are out of date, and keeps those that are not its own', async () => {
    await admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: saga,
          configEntries: [{ name: 'max.message.bytes', value: '2000000' }],
        },
      ],
    });
    await untilSet(saga, 'max.message.bytes', '2000000');
    const longer = [topicOf(saga, { retentionMs: 1_209_600_000 })];
    expect(await createTopics(brokerOptions, longer, { partitions: 3 })).toEqual([
      { name: saga, change: 'changed', partitions: 3 },
    ]);
    await untilSet(saga, 'retention.ms', '1209600000');
    await untilSet(saga, 'max.message.bytes', '2000000');
  });
});

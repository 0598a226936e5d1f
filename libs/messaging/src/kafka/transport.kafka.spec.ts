import { fileURLToPath } from 'node:url';
import { until } from '../database.js';
import type { EventBatch } from '../event-transport.js';
import { expectOrderByKey, lag, listen, makeGate, numberOf, record } from '../listening.contract.js';
import { describeTransport } from '../transport.contract.js';
import { makeClient } from './client.js';
import { BadNetwork } from './spec-bad-network.js';
import { brokerOptions, removeTopics, suffix, suffixVariable, transportUnderTest } from './spec-broker.js';

afterAll(removeTopics);

describeTransport('Kafka', () =>
  Promise.resolve({
    open: () => transportUnderTest(),
    worker: {
      script: fileURLToPath(new URL('./transport.worker.ts', import.meta.url)),
      env: { [suffixVariable]: suffix },
    },
    newcomersWait: true,
    close: () => Promise.resolve(),
  }),
);

const records = (topic: string, count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => record(topic, `key-${index % 10}`, from + index));

describe('a rebalance in the middle of a batch', () => {
  it('ends the batch, and what it had not begun is done by whoever has the partition then, in order', async () => {
    const topic = 'kafka.rebalance';
    const [one, two] = [transportUnderTest({}, 1), transportUnderTest({}, 1)];
    await one.append(records(topic, 100));
    const done: { by: string; number: number }[] = [];
    const reached = makeGate();
    const onBatch = (by: string) => async (batch: EventBatch) => {
      for (const event of batch.events) {
        if (batch.signal.aborted) throw new Error('The partition was given up in the middle of a batch.');
        done.push({ by, number: numberOf(event) });
        if (by !== 'first' || done.length !== 40) continue;
        reached.open();
        await new Promise((resolve) => {
          batch.signal.addEventListener('abort', resolve);
        });
      }
    };
    const common = { group: 'pair', topics: [topic] };
    const first = await one.subscribe({ ...common, onBatch: onBatch('first') });
    await reached.passed;
    const second = await two.subscribe({ ...common, onBatch: onBatch('second') });
    await until(async () => (await lag(one, 'pair', topic)) === 0);
    const numbers = done.map(({ number }) => number);
    expect(numbers.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, index) => index));
    // Nothing of the broken batch was committed, so it came again as a whole.
    expect(numbers.slice(40)).toEqual(Array.from({ length: 100 }, (_, index) => index));
    await Promise.all([first.close(), second.close()]);
    await Promise.all([one.close(), two.close()]);
  });

  it('does not come from a batch that takes longer than the session', async () => {
    const topic = 'kafka.long';
    const transport = transportUnderTest({}, 1);
    await transport.append(records(topic, 20));
    let batches = 0;
    const seen = await listen(transport, 'reader', [topic], async () => {
      batches += 1;
      await new Promise((resolve) => setTimeout(resolve, 9_000));
    });
    await until(async () => (await lag(transport, 'reader', topic)) === 0, 100);
    expect({ batches, numbers: seen.numbers() }).toEqual({ batches: 1, numbers: [...Array(20).keys()] });
    await transport.close();
  });
});

describe("a group's coordinator that nobody finds", () => {
  it('ends no process: the member tries until there is one, and then goes on where it stood', async () => {
    const topic = 'kafka.coordinator';
    const network = new BadNetwork();
    const transport = transportUnderTest({ socketFactory: network.socketFactory });
    const writer = transportUnderTest();
    await writer.append(records(topic, 50));
    const seen = await listen(transport, 'reader', [topic]);
    await until(async () => (await lag(writer, 'reader', topic)) === 0);
    network.coordinatorIsLost = true;
    network.cut();
    // More often than kafkajs tries before it gives up for good.
    await until(() => Promise.resolve(network.refused > 30));
    await writer.append(records(topic, 50, 50));
    network.coordinatorIsLost = false;
    await until(async () => (await lag(writer, 'reader', topic)) === 0);
    expect(seen.numbers().sort((a, b) => a - b)).toEqual([...Array(100).keys()]);
    expectOrderByKey(seen.events);
    await Promise.all([transport.close(), writer.close()]);
  }, 60_000);

  it('is waited for by a member that is just starting', async () => {
    const topic = 'kafka.coordinator-late';
    const network = new BadNetwork();
    network.coordinatorIsLost = true;
    const transport = transportUnderTest({ socketFactory: network.socketFactory });
    const writer = transportUnderTest();
    await writer.append(records(topic, 10));
    const starting = listen(transport, 'reader', [topic]);
    await until(() => Promise.resolve(network.refused > 10));
    network.coordinatorIsLost = false;
    const seen = await starting;
    await until(() => Promise.resolve(seen.events.length === 10));
    await Promise.all([transport.close(), writer.close()]);
  }, 60_000);
});

describe('the lag of a group', () => {
  it('counts what is still there, for a group that has committed nothing, and what it has not committed, else', async () => {
    const topic = 'kafka.lag';
    const transport = transportUnderTest({}, 1);
    await transport.append(records(topic, 30));
    expect(await transport.lag('fresh', [topic])).toEqual({ [topic]: 30 });
    // What retention does in a week.
    const admin = makeClient(brokerOptions).admin();
    await admin.connect();
    // It learns of the topic by that.
    await admin.fetchTopicOffsets(`${topic}${suffix}`);
    await admin.deleteTopicRecords({
      topic: `${topic}${suffix}`,
      partitions: [{ partition: 0, offset: '10' }],
    });
    await admin.disconnect();
    expect(await transport.lag('fresh', [topic])).toEqual({ [topic]: 20 });
    const gate = makeGate();
    const seen = await listen(transport, 'fresh', [topic], () => gate.passed);
    expect(await transport.lag('fresh', [topic])).toEqual({ [topic]: 20 });
    gate.open();
    await until(async () => (await lag(transport, 'fresh', topic)) === 0);
    expect(seen.numbers()).toEqual(Array.from({ length: 20 }, (_, index) => 10 + index));
    await transport.close();
  });

  it('counts from where the group was told to go on, before and after it does', async () => {
    const topic = 'kafka.lag-moved';
    const transport = transportUnderTest({}, 1);
    await transport.append(records(topic, 10));
    const before = await listen(transport, 'reader', [topic]);
    await until(async () => (await lag(transport, 'reader', topic)) === 0);
    await before.close();
    await transport.seek('reader', { topic, partition: 0, offset: 4 });
    expect(await transport.lag('reader', [topic])).toEqual({ [topic]: 6 });
    const after = await listen(transport, 'reader', [topic]);
    await until(async () => (await lag(transport, 'reader', topic)) === 0);
    expect(after.numbers()).toEqual([4, 5, 6, 7, 8, 9]);
    await after.close();
    // An order is obeyed once.
    const again = await listen(transport, 'reader', [topic]);
    expect(await transport.lag('reader', [topic])).toEqual({ [topic]: 0 });
    expect(again.events).toEqual([]);
    await transport.close();
  });
});

describe('what is no event', () => {
  it('is passed over: a message without a value, and one that cannot be read', async () => {
    const topic = 'kafka.foreign';
    const transport = transportUnderTest({}, 1);
    await transport.append(records(topic, 1));
    const producer = makeClient(brokerOptions).producer();
    await producer.connect();
    const messages = [
      { key: 'key-0', value: null },
      { key: 'key-0', value: '{' },
    ];
    await producer.send({ topic: `${topic}${suffix}`, messages });
    await producer.disconnect();
    await transport.append(records(topic, 1, 1));
    const seen = await listen(transport, 'reader', [topic]);
    await until(async () => (await lag(transport, 'reader', topic)) === 0);
    expect(seen.numbers()).toEqual([0, 1]);
    await transport.close();
  });
});

// What only a broker of our own can show: that it is killed with -9 under load, and its door with TLS and a login.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  createTopics,
  kafkaOptions,
  kafkaTransport,
  type EventRecord,
  type EventTransport,
  type KafkaConfig,
  type KafkaOptions,
} from '@caregraph/messaging';
import { createLogger } from '@caregraph/runtime';
import { eventually } from '@caregraph/testing';
import { startBroker, stopLeftoverBroker, type Broker } from './broker.js';
import { isAlive, pause } from '../stack/processes.js';

const login = { username: 'booking', password: 'a-word-for-specs' };
const log = createLogger('broker-spec', 'silent');
const group = 'reader';

describe('a broker of our own', () => {
  let broker: Broker;
  let options: KafkaOptions;
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'caregraph-broker-'));
  beforeAll(async () => {
    broker = await startBroker({ dir, login });
    options = { brokers: [broker.brokers], log, sessionTimeoutMs: 6_000 };
  }, 300_000);
  afterAll(async () => {
    // Undefined where it did not start.
    await (broker as Broker | undefined)?.stop();
    fs.rmSync(dir, { recursive: true, force: true });
  });

  const topic = async (name: string): Promise<string> => {
    await createTopics(options, [{ name, compacted: false, retentionMs: 604_800_000, types: [] }], {
      partitions: 3,
    });
    return name;
  };

  it('loses no event and no order of a key when it is killed with -9 under load and started again', async () => {
    const name = await topic('broker.killed');
    const [one, two, writer] = [kafkaTransport(options), kafkaTransport(options), kafkaTransport(options)];
    const seen: EventRecord[] = [];
    const subscription = {
      group,
      topics: [name],
      onBatch: async ({ events }: { events: readonly EventRecord[] }) => {
        await pause(5);
        seen.push(...events);
      },
    };
    await Promise.all([one.subscribe(subscription), two.subscribe(subscription)]);
    const load = startLoad(writer, name);
    for (let kills = 0; kills < 2; kills += 1) {
      const reached = load.acknowledged() + 400;
      await until(() => load.acknowledged() >= reached);
      await broker.kill();
      await pause(300);
      await broker.start();
    }
    const reached = load.acknowledged() + 400;
    await until(() => load.acknowledged() >= reached);
    const sent = await load.stop();
    await eventually(
      'all is read',
      async () => ((await writer.lag(group, [name]))[name] === 0 ? true : undefined),
      { withinMs: 60_000 },
    );
    expectEachInOrder(sent, seen);
    await Promise.all([one.close(), two.close(), writer.close()]);
  }, 180_000);

  it.each(['plain', 'scram-sha-512'] as const)(
    'is reached with TLS and a login by %s, and by nobody else',
    async (mechanism) => {
      const name = await topic(`broker.${mechanism}`);
      const config: KafkaConfig = {
        KAFKA_BROKERS: [broker.secured?.brokers ?? ''],
        KAFKA_TLS: true,
        KAFKA_TLS_CA: broker.secured?.certificate,
        KAFKA_SASL_MECHANISM: mechanism,
        KAFKA_SASL_USERNAME: login.username,
        KAFKA_SASL_PASSWORD: login.password,
      };
      const transport = kafkaTransport(kafkaOptions(config, log));
      await transport.append([eventOf(name, 'a', 1)]);
      expect(await transport.lag(group, [name])).toEqual({ [name]: 1 });
      await transport.close();
      for (const wrong of [{ KAFKA_SASL_PASSWORD: 'wrong' }, { KAFKA_TLS_CA: undefined }]) {
        const refused = kafkaTransport(kafkaOptions({ ...config, ...wrong }, log));
        await expect(refused.append([eventOf(name, 'a', 2)])).rejects.toThrow();
        await refused.close();
      }
    },
    60_000,
  );

  it('refuses what is written to a topic that nobody has made', async () => {
    const transport = kafkaTransport(options);
    await expect(transport.append([eventOf('broker.unmade', 'a', 1)])).rejects.toThrow();
    await transport.close();
  });

  it('of a run that was killed is ended by the next one, and nothing of somebody else', async () => {
    const other = fs.mkdtempSync(path.join(os.tmpdir(), 'caregraph-broker-'));
    const left = await startBroker({ dir: other });
    const pid = left.pid ?? 0;
    await stopLeftoverBroker(other);
    expect(isAlive(pid)).toBe(false);
    // A pid that was given to another process since.
    fs.writeFileSync(
      path.join(other, 'broker.pid.json'),
      JSON.stringify({ pid: process.pid, startTime: 'another' }),
    );
    await stopLeftoverBroker(other);
    expect(isAlive(broker.pid ?? 0)).toBe(true);
    await left.stop();
    fs.rmSync(other, { recursive: true, force: true });
  }, 60_000);
});

const eventOf = (topic: string, key: string, number: number): EventRecord => ({
  topic,
  key,
  envelope: {
    specversion: '1.0',
    id: `${key}-${number}`,
    source: '/caregraph/spec',
    type: 'spec.load-made.v1',
    subject: key,
    time: new Date(number).toISOString(),
    datacontenttype: 'application/json',
    data: { number },
  },
});

interface Load {
  /** How many events the broker has confirmed. */
  acknowledged(): number;
  /** What was confirmed, in order. */
  stop(): Promise<EventRecord[]>;
}

/** Appends as the relay does: batch after batch, and a batch that failed again as a whole. */
function startLoad(writer: EventTransport, topic: string): Load {
  const sent: EventRecord[] = [];
  let stopping = false;
  const work = async (): Promise<void> => {
    while (!stopping) {
      const from = sent.length;
      const batch = Array.from({ length: 20 }, (_, index) => {
        return eventOf(topic, `key-${(from + index) % 7}`, from + index);
      });
      while (!(await appended(writer, batch))) await pause(100);
      sent.push(...batch);
      await pause(2);
    }
  };
  const worked = work();
  return {
    acknowledged: () => sent.length,
    stop: async () => {
      stopping = true;
      await worked;
      return sent;
    },
  };
}

const appended = (writer: EventTransport, batch: readonly EventRecord[]): Promise<boolean> =>
  writer.append(batch).then(
    () => true,
    () => false,
  );

/** Each confirmed event arrived, and of each key in order, whatever came twice. */
function expectEachInOrder(sent: readonly EventRecord[], seen: readonly EventRecord[]): void {
  const first = new Map(seen.map((event) => [event.envelope.id, event]).reverse() as [string, EventRecord][]);
  expect(sent.filter(({ envelope }) => !first.has(envelope.id))).toEqual([]);
  const met = new Set<string>();
  const order = new Map<string, string[]>();
  for (const { key, envelope } of seen) {
    if (met.has(envelope.id)) continue;
    met.add(envelope.id);
    order.set(key, [...(order.get(key) ?? []), envelope.id]);
  }
  for (const [key, ids] of order) {
    expect(ids).toEqual(sent.filter((event) => event.key === key).map(({ envelope }) => envelope.id));
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(10);
}

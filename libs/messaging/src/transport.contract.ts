// What every transport must do, told once: `describeTransport` runs the same specs over each of them.
import type { EventTransport } from './event-transport.js';
import { until } from './database.js';
import { describeCrashes } from './crash.contract.js';
import { describeConsumersOver } from './consumers.contract.js';
import { expectOrderByKey, lag, listen, makeGate, record } from './listening.contract.js';

export interface TransportUnderTest {
  /** A connection of its own, as another process would have. */
  open(): EventTransport;
  /** A script that calls `runContractWorker` with a transport of the same kind, and the environment it needs. */
  readonly worker: { readonly script: string; readonly env: Readonly<Record<string, string>> };
  /** A newcomer gets its share, and its subscription resolves, only when the batches under way have ended. */
  readonly newcomersWait?: boolean;
  close(): Promise<void>;
}

/** @param setUp makes an empty log; called once. */
export function describeTransport(name: string, setUp: () => Promise<TransportUnderTest>): void {
  describe(`${name} as a transport`, () => {
    let log: TransportUnderTest;
    let transport: EventTransport;
    beforeAll(async () => {
      log = await setUp();
      transport = log.open();
    });
    afterAll(async () => {
      await transport.close();
      await log.close();
    });

    describeOrder(() => transport);
    describeGroups(() => log);
    describeOffsets(() => log);
    describeCrashes(() => log);
    describeConsumersOver(() => transport);
  });
}

function describeOrder(transport: () => EventTransport): void {
  it('delivers 10,000 events once each and in order for each key', async () => {
    const topic = 'contract.many';
    const records = Array.from({ length: 10_000 }, (_, index) => record(topic, `key-${index % 97}`, index));
    for (let start = 0; start < records.length; start += 500)
      await transport().append(records.slice(start, start + 500));
    const seen = await listen(transport(), 'reader', [topic]);
    await until(async () => (await lag(transport(), 'reader', topic)) === 0);
    expect(seen.numbers().sort((a, b) => a - b)).toEqual(records.map((_, index) => index));
    expectOrderByKey(seen.events);
    await seen.close();
  });

  it('keeps the order of each key while several writers append at once', async () => {
    const topic = 'contract.writers';
    const seen = await listen(transport(), 'reader', [topic]);
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let number = 0; number < 50; number += 1)
        await transport().append([record(topic, `writer-${writer}`, number)]);
    });
    await Promise.all(writers);
    await until(() => Promise.resolve(seen.events.length >= 400));
    await until(async () => (await lag(transport(), 'reader', topic)) === 0);
    expect(seen.events).toHaveLength(400);
    expectOrderByKey(seen.events);
    await seen.close();
  });

  it('wakes a waiting reader at once, without waiting for the next poll', async () => {
    const topic = 'contract.prompt';
    const seen = await listen(transport(), 'reader', [topic]);
    const began = performance.now();
    for (let number = 1; number <= 5; number += 1) {
      await transport().append([record(topic, 'a', number)]);
      await until(() => Promise.resolve(seen.events.length === number), 1);
    }
    // Polling alone takes about a second for each.
    expect(performance.now() - began).toBeLessThan(2_500);
    await seen.close();
  });

  it('delivers a batch again when it was not worked off', async () => {
    const topic = 'contract.again';
    await transport().append([record(topic, 'a', 1), record(topic, 'a', 2)]);
    let failures = 1;
    const seen = await listen(transport(), 'reader', [topic], () => {
      if (failures-- > 0) throw new Error('not this time');
    });
    await until(() => Promise.resolve(seen.events.length >= 2));
    expect(seen.numbers()).toEqual([1, 2]);
    await seen.close();
  });
}

function describeGroups(log: () => TransportUnderTest): void {
  it('gives each event to every group, and to one member of each', async () => {
    const topic = 'contract.groups';
    const [one, two] = [log().open(), log().open()];
    const members = [await listen(one, 'pair', [topic]), await listen(two, 'pair', [topic])];
    const alone = await listen(one, 'alone', [topic]);
    const append = async (from: number): Promise<void> => {
      await one.append(
        Array.from({ length: 200 }, (_, index) => record(topic, `key-${index % 20}`, from + index)),
      );
    };
    // Until both members have their share: a new member takes over partitions one by one.
    let appended = 0;
    await until(async () => {
      await append(appended);
      appended += 200;
      await until(async () => (await lag(one, 'pair', topic)) + (await lag(one, 'alone', topic)) === 0);
      return members.every((member) => member.events.length > 0);
    });
    const ofPair = members.flatMap((member) => member.numbers()).sort((a, b) => a - b);
    const all = Array.from({ length: appended }, (_, index) => index);
    expect([...new Set(ofPair)]).toEqual(all);
    expect([...new Set(alone.numbers())].sort((a, b) => a - b)).toEqual(all);
    members.forEach((member) => {
      expectOrderByKey(member.events);
    });
    await Promise.all([one.close(), two.close()]);
  });

  it('gives no partition away in the middle of its batch', async () => {
    const topic = 'contract.handover';
    const [one, two] = [log().open(), log().open()];
    await one.append(Array.from({ length: 40 }, (_, index) => record(topic, `key-${index}`, index)));
    const gate = makeGate();
    const first = await listen(one, 'pair', [topic], () => gate.passed);
    const joining = listen(two, 'pair', [topic]);
    if (!log().newcomersWait) await joining;
    // As long as a reader of its own needs for everything, the second member would have had time to take it.
    const alone = await listen(two, 'alone', [topic]);
    await until(() => Promise.resolve(alone.events.length === 40));
    gate.open();
    const second = await joining;
    await until(async () => (await lag(one, 'pair', topic)) === 0);
    expect([...first.numbers(), ...second.numbers()].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, index) => index),
    );
    await Promise.all([one.close(), two.close()]);
  });

  it('lets the others take over when a member leaves', async () => {
    const topic = 'contract.leaving';
    const [one, two] = [log().open(), log().open()];
    const first = await listen(one, 'pair', [topic]);
    const second = await listen(two, 'pair', [topic]);
    await first.close();
    await one.append(Array.from({ length: 100 }, (_, index) => record(topic, `key-${index}`, index)));
    await until(() => Promise.resolve(second.events.length >= 100));
    expect(second.numbers().sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index));
    await Promise.all([one.close(), two.close()]);
  });
}

function describeOffsets(log: () => TransportUnderTest): void {
  it('starts a new group at the beginning and goes on where a known group stopped', async () => {
    const topic = 'contract.beginning';
    const transport = log().open();
    await transport.append([record(topic, 'a', 1)]);
    const before = await listen(transport, 'known', [topic]);
    await until(async () => (await lag(transport, 'known', topic)) === 0);
    await before.close();
    await transport.append([record(topic, 'a', 2)]);
    const known = await listen(transport, 'known', [topic]);
    const fresh = await listen(transport, 'fresh', [topic]);
    await until(() => Promise.resolve(known.events.length >= 1 && fresh.events.length >= 2));
    expect(known.numbers()).toEqual([2]);
    expect(fresh.numbers()).toEqual([1, 2]);
    await transport.close();
  });

  it('replays from an offset while the group is running', async () => {
    const topic = 'contract.replay';
    const transport = log().open();
    await transport.append([1, 2, 3, 4].map((number) => record(topic, 'a', number)));
    const seen = await listen(transport, 'reader', [topic]);
    await until(async () => (await lag(transport, 'reader', topic)) === 0);
    const third = seen.events[2];
    await transport.seek('reader', { topic, partition: third?.partition ?? 0, offset: third?.offset ?? 0 });
    await until(() => Promise.resolve(seen.events.length >= 6));
    expect(seen.numbers()).toEqual([1, 2, 3, 4, 3, 4]);
    await transport.close();
  });

  it('does not lose a replay that is asked for in the middle of a batch', async () => {
    const topic = 'contract.replay-amid';
    const transport = log().open();
    await transport.append([1, 2].map((number) => record(topic, 'a', number)));
    const gates = [makeGate(), makeGate()];
    let batches = 0;
    const seen = await listen(transport, 'reader', [topic], () => gates[batches++]?.passed);
    gates[0]?.open();
    await until(async () => (await lag(transport, 'reader', topic)) === 0);
    await transport.append([record(topic, 'a', 3)]);
    await until(() => Promise.resolve(batches === 2));
    const { partition = 0, offset = 0 } = seen.events[0] ?? {};
    await transport.seek('reader', { topic, partition, offset });
    gates[1]?.open();
    await until(() => Promise.resolve(seen.events.length >= 6));
    expect(seen.numbers()).toEqual([1, 2, 3, 1, 2, 3]);
    await transport.close();
  });
}

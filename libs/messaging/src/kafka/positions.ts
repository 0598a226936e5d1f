// Where a group stands: what its members have committed, and what somebody ordered since. Kafka takes a commit only
// from members, and gives one that is asked for from outside no way to a running group. So an order to move is
// committed into a group beside it, `<group>.moves`, with a token; members look there, obey, and commit the token
// with their own offset, which says that the order is done.
import { randomUUID } from 'node:crypto';
import type { Admin, Kafka } from 'kafkajs';
import type { EventTransport } from '../event-transport.js';
import { shortRetry } from './client.js';
import type { Reopened } from './reopened.js';

export interface Position {
  /** The next offset to read; negative where nothing was committed. */
  readonly offset: number;
  /** Which order to move it obeys, or gives. */
  readonly token: string | null;
}

export type Positions = ReadonlyMap<string, Position>;

export const partitionName = (topic: string, partition: number): string => `${topic} ${partition}`;

const movesOf = (group: string): string => `${group}.moves`;

/** What the group has committed, by partition. */
export async function committed(admin: Admin, group: string, topics: readonly string[]): Promise<Positions> {
  const answers = await admin.fetchOffsets({ groupId: group, topics: [...topics] });
  return new Map(
    answers.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset, metadata }) => [
        partitionName(topic, partition),
        { offset: Number(offset), token: metadata },
      ]),
    ),
  );
}

/** Orders that were given for the group, done or not. */
export const ordered = (admin: Admin, group: string, topics: readonly string[]): Promise<Positions> =>
  committed(admin, movesOf(group), topics);

/** Whether the order is one that the position does not obey yet. */
export const isNew = (
  order: Position | undefined,
  position: Pick<Position, 'token'> | undefined,
): order is Position => order !== undefined && order.offset >= 0 && order.token !== (position?.token ?? null);

/**
 * Events between where the group will go on and the end, by topic. Offsets that were compacted away count, too: at the
 * end of a topic there are none.
 */
export async function lagOf(
  admin: Admin,
  group: string,
  topics: readonly string[],
): Promise<Record<string, number>> {
  const [done, orders, ends] = await Promise.all([
    committed(admin, group, topics),
    ordered(admin, group, topics),
    Promise.all(topics.map(async (topic) => [topic, await admin.fetchTopicOffsets(topic)] as const)),
  ]);
  return Object.fromEntries(
    ends.map(([topic, partitions]) => {
      const behind = partitions.map(({ partition, low, high }) => {
        const position = done.get(partitionName(topic, partition));
        const order = orders.get(partitionName(topic, partition));
        const next = isNew(order, position) ? order.offset : (position?.offset ?? 0);
        // Without a commit it begins at the beginning, which moves as old events are deleted.
        return Math.max(0, Number(high) - Math.max(next, Number(low)));
      });
      return [topic, behind.reduce((sum, each) => sum + each, 0)];
    }),
  );
}

/** Gives the order to move. It is durable when this resolves; running members obey within a second. */
export async function orderMove(
  client: Kafka,
  admin: Reopened<Admin>,
  group: string,
  { topic, partition, offset }: Parameters<EventTransport['seek']>[1],
): Promise<void> {
  const ends = await admin.use((open) => open.fetchTopicOffsets(topic));
  if (!ends.some((end) => end.partition === partition))
    throw new Error(`${topic} has no partition ${partition}.`);
  const consumer = client.consumer({
    groupId: movesOf(group),
    allowAutoTopicCreation: false,
    maxBytesPerPartition: 1,
    retry: { ...shortRetry, restartOnFailure: () => Promise.resolve(false) },
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: false });
    const joined = new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.GROUP_JOIN, () => {
        resolve();
      });
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        reject(payload.error);
      });
    });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: () => Promise.resolve(),
    });
    await joined;
    await consumer.commitOffsets([{ topic, partition, offset: String(offset), metadata: randomUUID() }]);
  } finally {
    await consumer.disconnect();
  }
}

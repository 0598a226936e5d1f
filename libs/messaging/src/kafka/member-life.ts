// One client of kafkajs as a member of a group, until it breaks: takes batches as they are fetched, lays them down
// before it joins anew, and looks for orders to move.
import {
  PartitionAssigners,
  type Admin,
  type Consumer,
  type EachBatchPayload,
  type Kafka,
  type PartitionAssigner,
} from 'kafkajs';
import type { Logger } from '@caregraph/runtime';
import type { SubscriptionOptions } from '../event-transport.js';
import { shortRetry } from './client.js';
import { PartitionWork } from './partition-work.js';
import { pause } from './pause.js';
import { committed, isNew, ordered, partitionName, type Positions } from './positions.js';
import type { Reopened } from './reopened.js';

export interface MemberOptions extends SubscriptionOptions {
  readonly client: Kafka;
  readonly admin: Reopened<Admin>;
  readonly log: Logger;
  readonly sessionTimeoutMs: number;
  /** Called each time that the member has got its share. */
  readonly onJoined: () => void;
}

type Assignment = Readonly<Record<string, readonly number[]>>;

interface Share {
  readonly assignment: Assignment;
  readonly positions: Positions;
  readonly orders: Positions;
}

/** How long a partition's batch holds up fetching for the others; a longer one goes on beside it. */
const togetherMs = 200;
/** A fetch waits so long for something new; then partitions that were busy are fetched again. */
const fetchWaitMs = 400;
const lookForOrdersMs = 1_000;
/** Memory: what one fetch brings at most, of one partition and in all, bytes. */
const mostPerPartition = 512 * 1024;
const mostPerFetch = 4 * 1024 * 1024;
/** Slow batches run beside each other; kafkajs only hands them over. */
const handedOverAtOnce = 64;

export class MemberLife {
  private readonly consumer: Consumer;
  private works = new Map<string, PartitionWork>();
  /** What the member got when it joined last. */
  private share: Promise<Share> | undefined;
  /** No batch begins: the member is about to join or to leave. */
  private holding = true;
  private lastSign = performance.now();
  private fail: (error: unknown) => void = () => undefined;
  /** Rejects when the client has broken; never resolves. */
  private readonly broken = new Promise<never>((_resolve, reject) => {
    this.fail = reject;
  });

  constructor(private readonly options: MemberOptions) {
    const { client, group, sessionTimeoutMs } = options;
    this.broken.catch(() => undefined);
    this.consumer = client.consumer({
      groupId: group,
      allowAutoTopicCreation: false,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: 3 * sessionTimeoutMs,
      heartbeatInterval: sessionTimeoutMs / 6,
      maxWaitTimeInMs: fetchWaitMs,
      maxBytesPerPartition: mostPerPartition,
      maxBytes: mostPerFetch,
      metadataMaxAge: 30_000,
      partitionAssigners: [this.layingDownFirst],
      // kafkajs gives up for good on what it thinks nobody can mend. We begin anew, always, and with a fresh client.
      retry: { ...shortRetry, restartOnFailure: () => Promise.resolve(false) },
    });
    const { CRASH, GROUP_JOIN, FETCH, HEARTBEAT } = this.consumer.events;
    this.consumer.on(CRASH, ({ payload }) => {
      this.fail(payload.error);
    });
    this.consumer.on(GROUP_JOIN, ({ payload }) => {
      this.joined(payload.memberAssignment);
    });
    const live = (): void => {
      this.lastSign = performance.now();
    };
    this.consumer.on(FETCH, live);
    this.consumer.on(HEARTBEAT, live);
  }

  /** Resolves when the signal comes, after the batches under way; rejects when the client breaks. */
  async run(closing: AbortSignal): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      closing.addEventListener('abort', () => {
        resolve();
      });
    });
    try {
      await Promise.race([this.broken, closed, this.start()]);
      while (!closing.aborted) {
        await Promise.race([this.broken, closed, pause(lookForOrdersMs)]);
        await Promise.race([this.broken, closed, this.look()]);
      }
    } finally {
      // A closing member still tells the group that it lives, so its batches may take their time.
      await this.layDown(closing.aborted ? 10 * this.patienceMs : this.patienceMs);
      await this.leave();
    }
  }

  private async start(): Promise<void> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...this.options.topics], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: handedOverAtOnce,
      eachBatch: (payload) => this.take(payload),
    });
  }

  /** A client that hangs is left behind: it must not hold up the next one, or the end of the process. */
  private async leave(): Promise<void> {
    const { log, group, sessionTimeoutMs } = this.options;
    const left = this.consumer.disconnect().catch((error: unknown) => {
      log.debug({ err: error, group }, 'a Kafka consumer did not close properly');
    });
    await Promise.race([left, pause(sessionTimeoutMs)]);
  }

  private joined(assignment: Assignment): void {
    const { admin, group, topics, onJoined } = this.options;
    this.lastSign = performance.now();
    this.share = admin.use(async (open) => ({
      assignment,
      positions: await committed(open, group, topics),
      orders: await ordered(open, group, topics),
    }));
    this.holding = false;
    this.share.then(onJoined, this.fail);
  }

  /** Hands the fetched events to the work on their partition, and fetching goes on when that takes longer. */
  private async take(payload: EachBatchPayload): Promise<void> {
    const { topic, partition } = payload.batch;
    const share = await this.share;
    if (this.holding || !share?.assignment[topic]?.includes(partition)) return;
    const name = partitionName(topic, partition);
    const isFirst = !this.works.has(name);
    const work = this.workOf(topic, partition, share.positions);
    const order = share.orders.get(name);
    if (isFirst && isNew(order, work.position)) await work.moveTo(order);
    if (payload.isStale() || !payload.isRunning()) return;
    const resume = payload.pause();
    const done = work.run(payload).finally(resume);
    await Promise.race([done, pause(togetherMs)]);
  }

  private workOf(topic: string, partition: number, positions: Positions): PartitionWork {
    const name = partitionName(topic, partition);
    const known = this.works.get(name);
    if (known) return known;
    const { consumer } = this;
    const token = positions.get(name)?.token ?? null;
    const work = new PartitionWork({ ...this.options, consumer, topic, partition, token });
    this.works.set(name, work);
    return work;
  }

  /** Looks for new orders, and whether the client still lives. */
  private async look(): Promise<void> {
    const { admin, group, topics, log, sessionTimeoutMs } = this.options;
    if (performance.now() - this.lastSign > 6 * sessionTimeoutMs)
      throw new Error('The Kafka consumer hangs.');
    const share = await this.share;
    if (!share) return;
    try {
      const orders = await admin.use((open) => ordered(open, group, topics));
      if (!this.holding && share === (await this.share)) await this.obey(share, orders);
    } catch (error) {
      log.warn({ err: error, group }, 'orders to move the group could not be read');
    }
  }

  private async obey({ assignment, positions }: Share, orders: Positions): Promise<void> {
    for (const [topic, partitions] of Object.entries(assignment)) {
      for (const partition of partitions) {
        const order = orders.get(partitionName(topic, partition));
        if (!isNew(order, positions.get(partitionName(topic, partition)))) continue;
        const work = this.workOf(topic, partition, positions);
        if (isNew(order, work.position)) await work.moveTo(order);
      }
    }
  }

  private get patienceMs(): number {
    return 0.6 * this.options.sessionTimeoutMs;
  }

  private async layDown(withinMs: number): Promise<void> {
    this.holding = true;
    const works = [...this.works.values()];
    this.works = new Map();
    for (const work of works) work.abort();
    await Promise.race([Promise.all(works.map((work) => work.idle())), pause(withinMs)]);
    for (const work of works) work.lose();
  }

  /**
   * kafkajs joins anew as soon as the group asks for it, whatever its member has in hand. The only thing it waits for is
   * the group's coordinator, so the batches are laid down before it is looked for.
   */
  private readonly layingDownFirst: PartitionAssigner = (config) => {
    const { cluster } = config;
    const find = cluster.findGroupCoordinator.bind(cluster);
    cluster.findGroupCoordinator = async (group) => {
      await this.layDown(this.patienceMs);
      return find(group);
    };
    return PartitionAssigners.roundRobin(config);
  };
}

// A partition while this member owns it: its fetched events in batches, each committed when it is worked off.
import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { EventEnvelope } from '@caregraph/contracts';
import type { Logger } from '@caregraph/runtime';
import type { LoggedEvent, SubscriptionOptions } from '../event-transport.js';
import { pause } from './pause.js';
import type { Position } from './positions.js';

/** How many events a batch has at most. */
const batchSize = 200;
/** A batch that failed rests. */
const restAfterFailureMs = 1_000;

export interface PartitionOptions extends SubscriptionOptions {
  readonly consumer: Consumer;
  readonly log: Logger;
  readonly topic: string;
  readonly partition: number;
  /** The order that the committed offset obeys; every commit repeats it. */
  readonly token: string | null;
}

export class PartitionWork {
  private readonly ended = new AbortController();
  /** Another member may own it: nothing may be committed any more. */
  private lost = false;
  private working: Promise<void> | undefined;
  private token: string | null;
  private order: Position | undefined;
  /** As long as the partition is ours, it commits as the present member. */
  private payload: EachBatchPayload | undefined;

  constructor(private readonly options: PartitionOptions) {
    this.token = options.token;
  }

  get position(): { readonly token: string | null } {
    return { token: this.token };
  }

  /** Works the fetched events off, as far as nothing comes in between; the rest is fetched again. */
  run(payload: EachBatchPayload): Promise<void> {
    this.payload = payload;
    this.working = this.work(payload)
      .catch(async (error: unknown) => {
        if (this.ended.signal.aborted) return;
        const { group, log, topic, partition } = this.options;
        log.warn({ err: error, group, topic, partition }, 'a batch comes again');
        await pause(restAfterFailureMs, this.ended.signal);
      })
      .then(() => this.obey())
      .finally(() => {
        this.working = undefined;
      });
    return this.working;
  }

  /** Goes on at the ordered offset, after the batch under way. */
  async moveTo(order: Position): Promise<void> {
    this.order = order;
    if (!this.working) await this.obey();
  }

  /** What is not begun is left to the next owner. */
  abort(): void {
    this.ended.abort();
  }

  /** Resolves when no batch is under way. */
  async idle(): Promise<void> {
    await this.working;
  }

  /** From now on a batch that still runs is somebody else's. */
  lose(): void {
    this.abort();
    this.lost = true;
  }

  private async work(payload: EachBatchPayload): Promise<void> {
    const { messages } = payload.batch;
    for (let start = 0; start < messages.length; start += batchSize) {
      if (this.ended.signal.aborted || this.isInterrupted()) return;
      const slice = messages.slice(start, start + batchSize);
      await this.handOver(slice);
      if (this.isInterrupted()) return;
      const last = slice.at(-1)?.offset ?? '';
      const isWhole = start + batchSize >= messages.length;
      // Behind the last message there may be offsets that compaction has emptied.
      await this.commit(Number(isWhole ? payload.batch.lastOffset() : last) + 1, this.token);
      if (!this.isLost()) payload.resolveOffset(last);
    }
  }

  private async handOver(messages: readonly KafkaMessage[]): Promise<void> {
    const { topic, partition, onBatch } = this.options;
    const events = messages.flatMap((message) => this.read(message));
    if (events.length > 0) await onBatch({ topic, partition, events, signal: this.ended.signal });
  }

  /** The order moves the commit first: a member that dies in between leaves it done. */
  private async obey(): Promise<void> {
    const { order } = this;
    if (!order || this.lost) return;
    const { consumer, topic, partition, log, group } = this.options;
    await this.commit(order.offset, order.token).catch((error: unknown) => {
      log.warn({ err: error, group, topic, partition }, 'an order to move waits');
    });
    if (this.token !== order.token || this.isLost()) return;
    consumer.seek({ topic, partition, offset: String(order.offset) });
    this.order = undefined;
    log.info({ group, topic, partition, offset: order.offset }, 'a group was moved');
  }

  private async commit(offset: number, token: string | null): Promise<void> {
    const { consumer, topic, partition } = this.options;
    const at = { partition, offset: String(offset), metadata: token };
    // One attempt, as the member that we are now: kafkajs' own retries would go on as whoever we are by then.
    if (this.payload) await this.payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [at] }] });
    else await consumer.commitOffsets([{ topic, ...at }]);
    this.token = token;
  }

  // Methods, since the compiler takes a field for unchanged over an await.
  private isLost(): boolean {
    return this.lost;
  }

  private isInterrupted(): boolean {
    return this.lost || this.order !== undefined;
  }

  /** A message without a value says that its key is gone; one that is no JSON is not ours. */
  private read({ offset, key, value }: KafkaMessage): LoggedEvent[] {
    const { topic, partition, log, group } = this.options;
    if (value === null) return [];
    try {
      const envelope = JSON.parse(value.toString()) as EventEnvelope;
      return [{ topic, partition, offset: Number(offset), key: key?.toString() ?? '', envelope }];
    } catch {
      log.error(
        { group, topic, partition, offset: Number(offset) },
        'a message that is no event is passed over',
      );
      return [];
    }
  }
}

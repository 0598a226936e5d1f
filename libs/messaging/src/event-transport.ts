// What carries events between apps. The embedded PostgreSQL log and Kafka both fit behind it, and both pass the
// contract suite in `transport.contract.ts`.
import type { EventEnvelope } from '@caregraph/contracts';

/** One event on its way into the log. */
export interface EventRecord {
  readonly topic: string;
  /** Records of one key share a partition, so they stay in the order in which they were appended. */
  readonly key: string;
  readonly envelope: EventEnvelope;
}

/** One event as it lies in the log. */
export interface LoggedEvent extends EventRecord {
  readonly partition: number;
  /** Grows by one or more from event to event of a partition; it starts at 0. */
  readonly offset: number;
}

/** Consecutive events of one partition. */
export interface EventBatch {
  readonly topic: string;
  readonly partition: number;
  /** In the order of their offsets; never empty. */
  readonly events: readonly LoggedEvent[];
  /** Aborted when the partition is lost or the subscription closes: what is not yet begun is left to its next owner. */
  readonly signal: AbortSignal;
}

export interface SubscriptionOptions {
  /** Each event goes to one member of each group. A group that is new begins at the beginning of the log. */
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Called for one batch of a partition at a time, for several partitions at once. When it resolves, the offsets
   * behind the batch are committed; when it rejects, the batch comes again, here or at another member.
   */
  readonly onBatch: (batch: EventBatch) => Promise<void>;
}

export interface Subscription {
  /** Lets the running batches end, then leaves the group. */
  close(): Promise<void>;
}

export interface EventTransport {
  /**
   * Appends in the given order, all or nothing per partition (up to a request's size). Resolves once the records are
   * durable; after a rejection some may be there, and appending them again is safe.
   */
  append(records: readonly EventRecord[]): Promise<void>;
  /**
   * Joins a group. Resolves once this member has taken its first share of the partitions, which may wait for batches
   * of the other members to end.
   */
  subscribe(options: SubscriptionOptions): Promise<Subscription>;
  /** How many events lie between the group's committed offsets and the end of the log, by topic. */
  lag(group: string, topics: readonly string[]): Promise<Readonly<Record<string, number>>>;
  /** Moves the group to an offset of one partition, also while its members run: everything from there comes again. */
  seek(
    group: string,
    position: { readonly topic: string; readonly partition: number; readonly offset: number },
  ): Promise<void>;
  close(): Promise<void>;
}

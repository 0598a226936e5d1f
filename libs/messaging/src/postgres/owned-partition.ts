// A partition while one member owns it: reads a batch, has it worked off, commits, and reads on.
import type { EventEnvelope } from '@caregraph/contracts';
import type { EventBatch, LoggedEvent } from '../event-transport.js';
import type { Session } from '../watch.js';
import type { MemberOptions } from './group-member.js';

const batchSize = 200;
/** A batch that failed rests, however many notifications arrive. */
const restAfterFailureMs = 1_000;

export class OwnedPartition {
  private end = 0;
  private working: Promise<void> | undefined;
  private restsUntil = 0;
  private readonly ended = new AbortController();
  private readonly signal: AbortSignal;

  constructor(
    private readonly options: MemberOptions,
    private readonly session: Session,
    readonly topic: string,
    readonly partition: number,
  ) {
    this.signal = AbortSignal.any([session.signal, this.ended.signal]);
  }

  get releasing(): boolean {
    return this.ended.signal.aborted;
  }

  /**
   * Works up to the end, unless it does so already.
   * @param position where the group stands by the table, which counts while no batch is under way: somebody may have
   * moved it.
   */
  advance(position: number, end: number): void {
    this.end = end;
    if (this.working !== undefined || this.signal.aborted || performance.now() < this.restsUntil) return;
    this.working = this.work(position)
      .catch((error: unknown) => {
        this.restsUntil = performance.now() + restAfterFailureMs;
        if (this.signal.aborted) return;
        const { group, log } = this.options;
        log.warn({ err: error, group, topic: this.topic, partition: this.partition }, 'a batch comes again');
      })
      .finally(() => {
        this.working = undefined;
      });
  }

  /** Resolves when no batch is under way. */
  async idle(): Promise<void> {
    await this.working;
  }

  /** Ends the work, as far as its batch lets itself be ended. */
  async release(): Promise<void> {
    this.ended.abort();
    await this.working;
  }

  private async work(from: number): Promise<void> {
    let position = from;
    while (!this.signal.aborted && position < this.end) {
      const end = this.end;
      const events = await this.read(position);
      if (events.length > 0) await this.options.onBatch(this.batch(events));
      // Fewer than asked for: everything up to the end known before is read, and what is missing was pruned.
      const last = events.at(-1)?.offset ?? -1;
      position = await this.commit(position, events.length < batchSize ? Math.max(end, last + 1) : last + 1);
    }
  }

  private batch(events: readonly LoggedEvent[]): EventBatch {
    return { topic: this.topic, partition: this.partition, events, signal: this.signal };
  }

  private async read(from: number): Promise<LoggedEvent[]> {
    const { rows } = await this.options.pool.query<{
      log_offset: string;
      key: string;
      payload: EventEnvelope;
    }>(
      `select log_offset, key, payload from event_log
        where topic = $1 and partition = $2 and log_offset >= $3 order by log_offset limit ${batchSize}`,
      [this.topic, this.partition, from],
    );
    return rows.map(({ log_offset, key, payload }) => ({
      topic: this.topic,
      partition: this.partition,
      offset: Number(log_offset),
      key,
      envelope: payload,
    }));
  }

  /** Compare-and-set: if somebody moved the group meanwhile, his position stands and is returned. */
  private async commit(from: number, to: number): Promise<number> {
    const { rowCount } = await this.session.query(
      `insert into event_offset as o (group_name, topic, partition, next_offset) values ($1, $2, $3, $5)
       on conflict (group_name, topic, partition) do update set next_offset = excluded.next_offset
        where o.next_offset = $4`,
      [this.options.group, this.topic, this.partition, from, to],
    );
    if (rowCount === 1) return to;
    const { rows } = await this.session.query<{ next_offset: string }>(
      'select next_offset from event_offset where group_name = $1 and topic = $2 and partition = $3',
      [this.options.group, this.topic, this.partition],
    );
    return Number(rows[0]?.next_offset ?? 0);
  }
}

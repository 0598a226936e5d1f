// One event, once: its effect and the memory of it are one transaction. What fails too often is parked with its key.
import { setTimeout as pause } from 'node:timers/promises';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { Refusal, type EventEnvelope } from '@caregraph/contracts';
import { failSpan, planted, type Clock, type Logger } from '@caregraph/runtime';
import type { Consumer } from './consumer.js';
import { inTraceOf } from './event-traces.js';
import type { LoggedEvent } from './event-transport.js';
import type { Limit } from './limit.js';
import { pauseBefore, type RetryPolicy } from './retry.js';

export interface DeliveryOptions<Deps> {
  readonly group: string;
  readonly orm: MikroORM;
  readonly log: Logger;
  readonly clock: Clock;
  readonly retry: RetryPolicy;
  /** Bounds the transactions that run at once. An event that pauses before its next try holds no place. */
  readonly limited: Limit;
  readonly depsFor: (em: EntityManager, envelope: EventEnvelope) => Deps | Promise<Deps>;
}

/** Why, and after how many tries, an event could not be worked off. */
export interface Failure {
  readonly error: unknown;
  readonly attempts: number;
}

export class Delivery<Deps> {
  constructor(private readonly options: DeliveryOptions<Deps>) {}

  /** Works the event off or parks it. Rejects only when the database is away: then the event has to come again. */
  deliver(consumer: Consumer<Deps>, event: LoggedEvent, signal: AbortSignal): Promise<void> {
    return inTraceOf(event.envelope, this.options.group, async () => {
      const failure = await this.attempt(consumer, event.envelope, signal, (em, run) =>
        this.once(em, event, run),
      );
      if (failure) await this.park(event, failure);
    });
  }

  /**
   * Tries until it succeeds or the tries are used up; each try is a transaction of `around`, which decides whether to
   * run. Data that breaks its contract fails at once, because no retry mends it.
   */
  async attempt(
    consumer: Consumer<Deps>,
    envelope: EventEnvelope,
    signal: AbortSignal,
    around: (em: EntityManager, run: () => Promise<void>) => Promise<void>,
  ): Promise<Failure | undefined> {
    const { orm, retry, limited, depsFor } = this.options;
    let work: (deps: Deps) => Promise<unknown>;
    try {
      work = consumer.prepare(envelope);
    } catch (error) {
      return { error, attempts: 0 };
    }
    for (let attempt = 1; ; attempt += 1) {
      try {
        const run = async (em: EntityManager): Promise<void> => {
          this.tell(envelope, await work(await depsFor(em, envelope)));
        };
        await limited(() => orm.em.fork().transactional((em) => around(em, () => run(em))));
        return undefined;
      } catch (error) {
        // A database that is away is no fault of the event: the whole batch comes again later, with all its tries.
        await orm.em.fork().execute('select 1');
        this.warn(envelope, error, attempt);
        if (attempt >= retry.tries) return { error, attempts: attempt };
        await pause(pauseBefore(attempt + 1, retry), undefined, { signal });
      }
    }
  }

  /** Runs an event that is new, puts one whose key is parked behind the others, and leaves one that was seen before. */
  private async once(em: EntityManager, event: LoggedEvent, run: () => Promise<void>): Promise<void> {
    const { group, clock } = this.options;
    const [row] = await em.execute<{ fresh: number; parked: number }[]>(admission, [
      group,
      event.envelope.id,
      clock.now().toISOString(),
      group,
      event.topic,
      event.key,
    ]);
    if (!row?.fresh && !planted('inbox-unchecked')) return;
    if (row?.parked) await this.store(em, event, 'WAITING');
    else await run();
  }

  private async park(event: LoggedEvent, failure: Failure): Promise<void> {
    const { group, log, orm, clock } = this.options;
    failSpan(failure.error);
    await orm.em.fork().transactional(async (em) => {
      const [row] = await em.execute<{ fresh: number; parked: number }[]>(admission, [
        group,
        event.envelope.id,
        clock.now().toISOString(),
        group,
        event.topic,
        event.key,
      ]);
      // Data that breaks its contract can come behind an event of its key that is parked already.
      if (row?.fresh) await this.store(em, event, row.parked ? 'WAITING' : 'PARKED', failure);
    });
    const { id: eventId, type: eventType } = event.envelope;
    log.error(
      { err: failure.error, group, eventId, eventType, key: event.key, attempts: failure.attempts },
      'a key is parked',
    );
  }

  private async store(
    em: EntityManager,
    event: LoggedEvent,
    status: 'PARKED' | 'WAITING',
    failure?: Failure,
  ): Promise<void> {
    const { group, clock } = this.options;
    await em.execute(
      `insert into dead_letter (group_name, topic, key, event_id, type, payload, status, attempts, reason, created_at)
       values (?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?::timestamptz)`,
      [
        group,
        event.topic,
        event.key,
        event.envelope.id,
        event.envelope.type,
        JSON.stringify(event.envelope),
        status,
        failure?.attempts ?? 0,
        failure ? reasonOf(failure) : null,
        clock.now().toISOString(),
      ],
      'run',
    );
  }

  private tell(envelope: EventEnvelope, outcome: unknown): void {
    if (!(outcome instanceof Refusal)) return;
    const { group, log } = this.options;
    log.info(
      { group, eventId: envelope.id, eventType: envelope.type, code: outcome.code },
      'an event was refused',
    );
  }

  private warn(envelope: EventEnvelope, error: unknown, attempt: number): void {
    const { group, log } = this.options;
    log.warn(
      { err: error, group, eventId: envelope.id, eventType: envelope.type, attempt },
      'an event failed',
    );
  }
}

/** What an operator reads beside a dead letter; at most 500 characters. */
export const reasonOf = ({ error }: Failure): string => String(error).slice(0, 500);

// The share lock on the parked event waits for a replay or skip under way, so that a key's last parked event and the
// next one from the log cannot pass each other.
const admission = `
  with fresh as (
    insert into inbox (group_name, event_id, processed_at) values (?, ?, ?::timestamptz)
    on conflict do nothing returning event_id
  ), parked as (
    select id from dead_letter
     where group_name = ? and topic = ? and key = ? and status in ('PARKED', 'WAITING')
     order by seq limit 1 for share
  )
  select (select count(*)::int from fresh) as fresh, (select count(*)::int from parked) as parked`;

// Runs an app's consumers: batches come from the transport, each event is worked off in a transaction of its own.
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { EventEnvelope } from '@caregraph/contracts';
import type { Clock, Logger } from '@caregraph/runtime';
import type { Consumer } from './consumer.js';
import { until } from './database.js';
import { Delivery } from './delivery.js';
import type { EventBatch, EventTransport, LoggedEvent } from './event-transport.js';
import { limit } from './limit.js';
import { startReplays } from './replays.js';
import { defaultRetry, type RetryPolicy } from './retry.js';

export interface ConsumersOptions<Deps> {
  /** The app's name, as a rule. A new group begins at the beginning of the log. */
  readonly group: string;
  /** At most one for each event type. */
  readonly consumers: readonly Consumer<Deps>[];
  readonly orm: MikroORM;
  readonly transport: EventTransport;
  /** What the consumers work with, made afresh for each event; `em` is in the event's transaction. */
  readonly depsFor: (em: EntityManager, envelope: EventEnvelope) => Deps | Promise<Deps>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly retry?: RetryPolicy;
  /** How many events are worked off at once, each with a database connection; 5 when left out. */
  readonly concurrency?: number;
}

export interface ConsumerStats {
  /** Keys that wait for somebody's decision. */
  readonly parkedKeys: number;
  /** Events that failed, and those that wait behind them. */
  readonly deadLetters: number;
  /** Events not yet worked off, by topic. */
  readonly lag: Readonly<Record<string, number>>;
}

export interface RunningConsumers {
  /** Resolves when the group has worked off, or parked, all that the log holds. */
  drain(): Promise<void>;
  stats(): Promise<ConsumerStats>;
  /** Ends after the events under way; what is not begun is left to the next process. */
  stop(): Promise<void>;
}

/** Starts consuming. Refuses two consumers of one event type: which of them came first would be chance. */
export async function startConsumers<Deps>(options: ConsumersOptions<Deps>): Promise<RunningConsumers> {
  const { group, orm, transport, log, clock, depsFor, retry = defaultRetry } = options;
  const byType = new Map(options.consumers.map((each) => [each.type, each]));
  if (byType.size < options.consumers.length)
    throw new Error(`${group} has two consumers of one event type.`);
  const topics = [...new Set(options.consumers.map((each) => each.topic))];
  const limited = limit(options.concurrency ?? 5);
  const delivery = new Delivery({ group, orm, log, clock, retry, limited, depsFor });

  const onBatch = async (batch: EventBatch): Promise<void> => {
    const keys = byKey(batch.events.filter(({ envelope }) => byType.has(envelope.type)));
    const workOff = async (events: readonly LoggedEvent[]): Promise<void> => {
      for (const event of events) {
        if (batch.signal.aborted) throw new Error('The partition was given up in the middle of a batch.');
        const consumer = byType.get(event.envelope.type);
        if (consumer) await delivery.deliver(consumer, event, batch.signal);
      }
    };
    // All keys end before the batch does: a batch that came again while a key still runs would run that key twice.
    const results = await Promise.allSettled(keys.map(workOff));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  };

  const replays = startReplays({ group, orm, log, clock, delivery, byType });
  const subscription = await transport.subscribe({ group, topics, onBatch });
  const stats = async (): Promise<ConsumerStats> => ({
    ...(await countDeadLetters(orm, group)),
    lag: await transport.lag(group, topics),
  });
  return {
    stats,
    drain: () =>
      until(async () => Object.values(await transport.lag(group, topics)).every((lag) => lag === 0)),
    stop: async () => {
      await Promise.all([subscription.close(), replays.stop()]);
    },
  };
}

function byKey(events: readonly LoggedEvent[]): LoggedEvent[][] {
  const keys = new Map<string, LoggedEvent[]>();
  for (const event of events) {
    const list = keys.get(event.key);
    if (list) list.push(event);
    else keys.set(event.key, [event]);
  }
  return [...keys.values()];
}

async function countDeadLetters(
  orm: MikroORM,
  group: string,
): Promise<Pick<ConsumerStats, 'parkedKeys' | 'deadLetters'>> {
  const [row] = await orm.em.fork().execute<{ keys: number; events: number }[]>(
    `select count(*)::int as events, count(*) filter (where status = 'PARKED')::int as keys
       from dead_letter where group_name = ? and status in ('PARKED', 'WAITING')`,
    [group],
  );
  return { parkedKeys: row?.keys ?? 0, deadLetters: row?.events ?? 0 };
}

// What an operator watches of events: what has not left, and what has not been worked off.
import type { Registry } from 'prom-client';
import { addStateGauges } from '@caregraph/runtime';
import type { OutboxStats, Relay } from './relay.js';
import type { ConsumerStats, RunningConsumers } from './start-consumers.js';

interface Sources {
  readonly relay: Pick<Relay, 'stats'>;
  readonly consumers: Pick<RunningConsumers, 'stats'>;
}

/**
 * Adds the gauges; each scrape asks the database, and the transport for the lag, anew. They are two reads, so that a
 * broker that does not answer leaves the outbox's figures, which tell of it, in place.
 */
export function addMessagingMetrics(registry: Registry, { relay, consumers }: Sources): void {
  addRelayMetrics(registry, relay);
  addConsumerMetrics(registry, consumers);
}

function addRelayMetrics(registry: Registry, relay: Sources['relay']): void {
  addStateGauges<OutboxStats>(registry, () => relay.stats(), [
    {
      name: 'caregraph_outbox_depth',
      help: 'Events that wait to be published.',
      samples: ({ outboxDepth }) => [{ value: outboxDepth }],
    },
    {
      name: 'caregraph_outbox_oldest_age_seconds',
      help: 'Age of the oldest unpublished event.',
      samples: ({ outboxOldestAgeSeconds }) => [{ value: outboxOldestAgeSeconds }],
    },
  ]);
}

/** Those of consumers alone, for an app that publishes nothing. */
export function addConsumerMetrics(registry: Registry, consumers: Sources['consumers']): void {
  addStateGauges<ConsumerStats>(registry, () => consumers.stats(), [
    {
      name: 'caregraph_parked_keys',
      help: 'Keys whose events wait for a decision.',
      samples: ({ parkedKeys }) => [{ value: parkedKeys }],
    },
    {
      name: 'caregraph_dead_letters',
      help: 'Events that failed, and those that wait behind them.',
      samples: ({ deadLetters }) => [{ value: deadLetters }],
    },
    {
      name: 'caregraph_consumer_lag',
      help: 'Events not yet worked off, by topic.',
      labelNames: ['topic'],
      samples: ({ lag }) => Object.entries(lag).map(([topic, value]) => ({ labels: { topic }, value })),
    },
  ]);
}

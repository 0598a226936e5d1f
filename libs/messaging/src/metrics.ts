// What an operator watches of events: what has not left, and what has not been worked off.
import { Gauge, type Registry } from 'prom-client';
import type { Relay } from './relay.js';
import type { RunningConsumers } from './start-consumers.js';

/** Adds the gauges; each scrape asks the database anew. */
export function addMessagingMetrics(
  registry: Registry,
  {
    relay,
    consumers,
  }: { readonly relay: Pick<Relay, 'stats'>; readonly consumers: Pick<RunningConsumers, 'stats'> },
): void {
  const gauge = (name: string, help: string, labelNames: string[] = []): Gauge =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const age = gauge('caregraph_outbox_oldest_age_seconds', 'Age of the oldest unpublished event.');
  const parked = gauge('caregraph_parked_keys', 'Keys whose events wait for a decision.');
  const dead = gauge('caregraph_dead_letters', 'Events that failed, and those that wait behind them.');
  const lag = gauge('caregraph_consumer_lag', 'Events not yet worked off, by topic.', ['topic']);
  // The others are set by this one, which runs on each scrape.
  new Gauge({
    name: 'caregraph_outbox_depth',
    help: 'Events that wait to be published.',
    registers: [registry],
    async collect() {
      const [outbox, consuming] = await Promise.all([relay.stats(), consumers.stats()]);
      this.set(outbox.outboxDepth);
      age.set(outbox.outboxOldestAgeSeconds);
      parked.set(consuming.parkedKeys);
      dead.set(consuming.deadLetters);
      for (const [topic, behind] of Object.entries(consuming.lag)) lag.set({ topic }, behind);
    },
  });
}

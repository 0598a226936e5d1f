import { Registry } from 'prom-client';
import { addMessagingMetrics } from './metrics.js';

const outbox = { outboxDepth: 3, outboxOldestAgeSeconds: 301 };

describe('the figures of events', () => {
  it('are all of this scrape, from the first one on (GW-061)', async () => {
    const registry = new Registry();
    addMessagingMetrics(registry, {
      relay: { stats: () => Promise.resolve(outbox) },
      consumers: {
        stats: () => Promise.resolve({ parkedKeys: 1, deadLetters: 2, lag: { 'booking.claim': 4 } }),
      },
    });
    const text = await registry.metrics();
    expect(text).toMatch(/^caregraph_outbox_depth 3$/m);
    expect(text).toMatch(/^caregraph_outbox_oldest_age_seconds 301$/m);
    expect(text).toMatch(/^caregraph_parked_keys 1$/m);
    expect(text).toMatch(/^caregraph_dead_letters 2$/m);
    expect(text).toContain('caregraph_consumer_lag{topic="booking.claim"} 4');
  });

  it('tell the outbox although the transport does not answer for its lag', async () => {
    const registry = new Registry();
    addMessagingMetrics(registry, {
      relay: { stats: () => Promise.resolve(outbox) },
      consumers: { stats: () => Promise.reject(new Error('the broker is away')) },
    });
    const text = await registry.metrics();
    expect(text).toMatch(/^caregraph_outbox_oldest_age_seconds 301$/m);
    expect(text).not.toMatch(/^caregraph_consumer_lag\{/m);
    expect(await registry.metrics()).toMatch(/^caregraph_state_read_failures_total \d+$/m);
  });
});

import { Registry } from 'prom-client';
import { gatewayMetrics, outcomeOf } from './metrics.js';

describe('metrics', () => {
  it('tell a fault of ours from a part that is away, and both from what callers do wrong (GW-025)', () => {
    expect(outcomeOf([])).toBe('ok');
    expect(outcomeOf(['BAD_USER_INPUT', 'FORBIDDEN', 'TOO_MANY_REQUESTS'])).toBe('refused');
    expect(outcomeOf(['BAD_USER_INPUT', 'UNAVAILABLE'])).toBe('unavailable');
    expect(outcomeOf(['UNAVAILABLE', 'INTERNAL_SERVER_ERROR'])).toBe('error');
  });

  it('have all outcomes from the start, so that the first error is seen', async () => {
    const registry = new Registry();
    const metrics = gatewayMetrics(registry);
    metrics.subgraph('booking', 'ok', 0.1);
    const text = await registry.metrics();
    expect(text).toContain('caregraph_gateway_requests_total{outcome="error"} 0');
    expect(text).toContain(
      'caregraph_gateway_subgraph_duration_seconds_count{subgraph="booking",outcome="unavailable"} 0',
    );
  });

  it('names of operations beyond the limit are counted together', async () => {
    const registry = new Registry();
    const metrics = gatewayMetrics(registry, 2);
    for (const name of ['First', 'Second', 'Third', 'Fourth', null, 'First'])
      metrics.request(name, 'ok', 0.01);
    const text = await registry.metrics();
    const counts = [
      ...text.matchAll(/request_duration_seconds_count\{operation="(\w+)",outcome="ok"\} (\d+)/g),
    ];
    expect(counts.map(([, name, count]) => [name, count])).toEqual([
      ['First', '2'],
      ['Second', '1'],
      ['other', '2'],
      ['anonymous', '1'],
    ]);
  });
});

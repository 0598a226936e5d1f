import { Registry } from 'prom-client';
import { gatewayMetrics } from './metrics.js';

describe('metrics', () => {
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

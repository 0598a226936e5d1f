import { eventually } from '@caregraph/testing';
import { runGateway } from '../testing/running-gateway.js';

describe('a caller who hangs up during a query', () => {
  it('is no fault of ours: it is counted as refused, on either way through the gateway', async () => {
    const gateway = await runGateway();
    const counted = async (outcome: string): Promise<number> => {
      const metrics = await (await fetch(new URL('/metrics', gateway.url))).text();
      return Number(new RegExp(`^caregraph_gateway_requests_total{outcome="${outcome}"} (\\d+)`, 'm').exec(metrics)?.[1]);
    }; // prettier-ignore
    for (const times of [1, 2]) {
      const leaving = new AbortController();
      const asked = fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ waits }' }),
        signal: leaving.signal,
      });
      await eventually('it is asked', () => (gateway.booking.calls.length === times ? true : undefined));
      leaving.abort();
      await expect(asked).rejects.toThrow('aborted');
      await eventually('it is counted', async () =>
        (await counted('refused')) === times ? true : undefined,
      );
    }
    expect(await counted('error')).toBe(0);
    expect(await counted('unavailable')).toBe(0);
    await gateway.close();
  });
});

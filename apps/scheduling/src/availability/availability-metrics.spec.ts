import { GraphQLError } from 'graphql';
import { Registry } from 'prom-client';
import { watchSearches } from './availability-metrics.js';

const now = new Date('2026-06-07T12:00:00Z');
const at = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000);
const found = (...hours: number[]) => Promise.resolve({ slots: hours.map((each) => ({ start: at(each) })) });

describe('the watch over searches for free times', () => {
  it('takes the wait to the first free time of searches that begin now, and counts the empty ones (GW-028)', async () => {
    const registry = new Registry();
    const searches = watchSearches(registry);
    await searches.measure({ from: at(0), now }, () => found(30, 31));
    await searches.measure({ from: at(1), now }, () => found(2));
    await searches.measure({ from: at(100), now }, () => found(101));
    await searches.measure({ from: at(0), now }, () => found());
    const text = await registry.metrics();
    expect(text).toContain(`caregraph_scheduling_next_availability_seconds_sum ${32 * 3_600}`);
    expect(text).toContain('caregraph_scheduling_next_availability_seconds_count 2');
    expect(text).toContain('caregraph_scheduling_searches_empty_total 1');
    expect(text).toContain('caregraph_scheduling_availability_duration_seconds_count{outcome="ok"} 4');
  });

  it('tells a wrong question from a failure of ours, and lets both through', async () => {
    const registry = new Registry();
    const searches = watchSearches(registry);
    const wrong = searches.measure({ from: at(0), now }, () => Promise.reject(new GraphQLError('wrong')));
    await expect(wrong).rejects.toThrow('wrong');
    const broken = searches.measure({ from: at(0), now }, () => Promise.reject(new Error('broken')));
    await expect(broken).rejects.toThrow('broken');
    const text = await registry.metrics();
    expect(text).toContain('caregraph_scheduling_availability_duration_seconds_count{outcome="refused"} 1');
    expect(text).toContain('caregraph_scheduling_availability_duration_seconds_count{outcome="error"} 1');
  });
});

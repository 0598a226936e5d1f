import { Registry } from 'prom-client';
import { addStateGauges } from './index.js';

const gauges = [
  { name: 'things', help: 'Things.', samples: (state: State) => [{ value: state.things }] },
  {
    name: 'things_by_kind',
    help: 'Things.',
    labelNames: ['kind'],
    samples: ({ kinds }: State) => kinds.map((kind) => ({ labels: { kind }, value: 1 })),
  },
];
interface State {
  readonly things: number;
  readonly kinds: readonly string[];
}

describe('gauges of what the database holds', () => {
  it('are read once for each scrape, and tell the state of that scrape', async () => {
    const registry = new Registry();
    let reads = 0;
    const state = (): Promise<State> => {
      reads += 1;
      return Promise.resolve({ things: reads, kinds: ['a'] });
    };
    addStateGauges(registry, state, gauges);
    expect(await registry.metrics()).toMatch(/^things 1$/m);
    expect(await registry.metrics()).toMatch(/^things 2$/m);
    expect(reads).toBe(2);
  });

  it('forget a label whose things are gone', async () => {
    const registry = new Registry();
    let kinds = ['a', 'b'];
    addStateGauges(registry, () => Promise.resolve({ things: 0, kinds }), gauges);
    expect(await registry.metrics()).toContain('things_by_kind{kind="b"} 1');
    kinds = ['a'];
    expect(await registry.metrics()).not.toContain('kind="b"');
  });

  it('are left out and counted when the database is away, and the other figures are served', async () => {
    const registry = new Registry();
    let away = false;
    const state = (): Promise<State> =>
      away ? Promise.reject(new Error('connect ECONNREFUSED')) : Promise.resolve({ things: 7, kinds: ['a'] });
    addStateGauges(registry, state, gauges);
    addStateGauges(registry, () => Promise.resolve(1), [
      { name: 'other', help: 'Other.', samples: (value) => [{ value }] },
    ]);
    expect(await registry.metrics()).toMatch(/^things 7$/m);
    away = true;
    const text = await registry.metrics();
    expect(text).not.toMatch(/^things/m);
    expect(text).toMatch(/^other 1$/m);
    expect(await registry.metrics()).toMatch(/^caregraph_state_read_failures_total [12]$/m);
  });
});

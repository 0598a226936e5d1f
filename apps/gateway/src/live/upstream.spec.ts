import { createLogger, openSpanOf, setTracing } from '@caregraph/runtime';
import { nobody } from '../caller/nobody.js';
import { startFakeSubgraph, type FakeSubgraph } from '../testing/fake-subgraph.js';
import { until } from '../testing/live-clients.js';
import { Upstream } from './upstream.js';

const traces = [
  ['r1', '0af7651916cd43dd8448eb211c80319c'],
  ['r2', '1bf7651916cd43dd8448eb211c80319d'],
] as const;
describe('a subscription that its subgraph refuses', () => {
  let subgraph: FakeSubgraph;
  let upstream: Upstream;
  const lines: string[] = [];
  const logged = () =>
    lines
      .map((line) => JSON.parse(line) as { msg: string })
      .filter(({ msg }) => msg === 'a subscription was refused');
  beforeAll(async () => {
    setTracing('ids');
    subgraph = await startFakeSubgraph({
      name: 'booking',
      sdl: 'type Query { one: String } type Subscription { changed(id: ID!): String }',
      resolvers: {},
    });
    const { name, url, keys } = subgraph;
    upstream = new Upstream({
      name,
      url,
      keys,
      log: createLogger('spec', 'info', { write: (line) => lines.push(line) }),
    });
  });
  afterAll(async () => {
    await upstream.close();
    await subgraph.kill();
    setTracing('off');
  });

  it('is told to whoever asked, and logged once with its code, its request and its own trace', async () => {
    const refused: unknown[] = [];
    const never = () => {
      throw new Error('It was refused.');
    };
    const sink = {
      next: never,
      complete: never,
      lost: never,
      refused: (errors: unknown) => refused.push(errors),
    };
    // The second goes over the socket that was opened in the trace of the first.
    for (const [requestId, traceId] of traces)
      openSpanOf(`00-${traceId}-b7ad6b7169203331-01`, 'subscription', {}).run(() =>
        upstream.subscribe({ query: 'subscription { unknown }', variables: {} }, nobody(requestId), sink),
      );
    await until(() => logged().length === 2);
    expect(refused).toHaveLength(2);
    expect(logged()).toMatchObject(
      traces.map(([requestId, traceId]) => ({
        level: 'info',
        subgraph: 'booking',
        code: 'BAD_USER_INPUT',
        requestId,
        traceId,
      })),
    );
  });
});

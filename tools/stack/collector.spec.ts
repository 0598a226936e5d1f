import { openCollector, type Collector } from './collector.js';
import { traceLines } from './trace-text.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';

const post = async (collector: Collector, body: string, path = '/v1/traces'): Promise<number> =>
  (await fetch(`${collector.url}${path}`, { method: 'POST', body })).status;

/** Spans as an exporter sends them. */
const sent = (app: string, ...spans: object[]): string =>
  JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: `caregraph-${app}` } }] },
        scopeSpans: [{ scope: { name: 'caregraph' }, spans }],
      },
    ],
  });

const span = (
  spanId: string,
  parentSpanId: string | undefined,
  startMs: number,
  over: object = {},
): object => ({
  traceId,
  spanId,
  ...(parentSpanId === undefined ? {} : { parentSpanId }),
  name: spanId,
  startTimeUnixNano: `${1_700_000_000_000 + startMs}000000`,
  endTimeUnixNano: `${1_700_000_000_000 + startMs + 2}500000`,
  attributes: [],
  ...over,
});

describe('the collector of the local stack', () => {
  let collector: Collector;
  beforeEach(async () => {
    collector = await openCollector(4);
  });
  afterEach(() => collector.close());

  it('keeps what apps send, in the order of time, and shows one trace as a tree', async () => {
    const failed = {
      status: { code: 2 },
      attributes: [
        { key: 'error.type', value: { stringValue: '23505' } },
        { key: 'caregraph.job.attempt', value: { intValue: 2 } },
      ],
    };
    await post(
      collector,
      sent('booking', span('consume', 'request', 20, failed), span('orphan', 'lost', 30)),
    );
    await post(collector, sent('gateway', span('request', undefined, 0), span('plan', 'request', 5)));
    const spans = collector.spans(traceId);
    expect(spans.map(({ app, name, parentSpanId }) => [app, name, parentSpanId])).toEqual([
      ['gateway', 'request', null],
      ['gateway', 'plan', 'request'],
      ['booking', 'consume', 'request'],
      ['booking', 'orphan', 'lost'],
    ]);
    expect(spans[2]).toMatchObject({
      durationMs: 2.5,
      failed: true,
      attributes: { 'error.type': '23505', 'caregraph.job.attempt': 2 },
    });
    expect(traceLines(spans)).toEqual([
      '     +0 ms      2.5 ms  gateway        request',
      '     +5 ms      2.5 ms  gateway          plan',
      '    +20 ms      2.5 ms  booking          consume  failed: 23505',
      '    +30 ms      2.5 ms  booking        orphan',
    ]);
    expect(collector.spans('another')).toEqual([]);
  });

  it('forgets the oldest when it has too many', async () => {
    const many = ['1', '2', '3', '4', '5', '6'].map((id, index) => span(id, undefined, index));
    await post(collector, sent('booking', ...many));
    expect(collector.spans().map(({ name }) => name)).toEqual(['3', '4', '5', '6']);
  });

  it('refuses what it cannot read, and goes on', async () => {
    expect(await post(collector, '{')).toBe(400);
    expect(await post(collector, '{}', '/v1/logs')).toBe(404);
    expect(await post(collector, '{}')).toBe(200);
  });
});

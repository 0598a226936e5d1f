import { SpanStatusCode, trace as otel } from '@opentelemetry/api';
import { statementOf } from './trace-sql.js';
import {
  continueTrace,
  createLogger,
  currentTraceId,
  describeSpan,
  failSpan,
  openSpan,
  recordTraces,
  span,
  traceparent,
} from './index.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const header = `00-${traceId}-b7ad6b7169203331-01`;
const nothing = (): Promise<void> => Promise.resolve();

describe('where tracing was not started', () => {
  it('work runs, and belongs to no trace', async () => {
    const seen = await continueTrace(header, () =>
      span('work', {}, () => Promise.resolve([currentTraceId(), traceparent()])),
    );
    expect(seen).toEqual([undefined, undefined]);
    expect(openSpan('work', {}).traceId).toBeUndefined();
  });
});

describe('a span', () => {
  let traces: ReturnType<typeof recordTraces>;
  beforeAll(() => {
    traces = recordTraces();
  });
  afterEach(() => {
    traces.clear();
  });
  afterAll(() => traces.stop());
  const named = (name: string) => traces.spans().find((one) => one.name === name);

  it('within another is its child, also across what is awaited', async () => {
    await span('outer', {}, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      await span('inner', {}, nothing);
    });
    expect(named('inner')).toMatchObject({
      traceId: named('outer')?.traceId,
      parentSpanId: named('outer')?.spanId,
    });
    expect(named('outer')?.parentSpanId).toBeUndefined();
  });

  it('continues the trace of a header, and hands itself on by one', async () => {
    let handedOn: string | undefined;
    await continueTrace(header, () =>
      span('here', {}, () => {
        handedOn = traceparent();
        return nothing();
      }),
    );
    await continueTrace(handedOn, () => span('there', {}, nothing));
    expect(named('here')).toMatchObject({ traceId, parentSpanId: 'b7ad6b7169203331' });
    expect(named('there')).toMatchObject({ traceId, parentSpanId: named('here')?.spanId });
  });

  it.each([
    undefined,
    '',
    'nonsense',
    `ff-${traceId}-b7ad6b7169203331-01`,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${traceId.toUpperCase()}-b7ad6b7169203331-01`,
  ])('begins a trace of its own when the header says %j', async (unreadable) => {
    await continueTrace(header, () => continueTrace(unreadable, () => span('alone', {}, nothing)));
    expect(named('alone')?.parentSpanId).toBeUndefined();
    expect(named('alone')?.traceId).not.toBe(traceId);
  });

  it('marks what failed by its code, or else its class, and never by its text', async () => {
    const refused = Object.assign(new TypeError('Key (email)=(canary) exists'), { code: '23505' });
    for (const [name, error] of [
      ['coded', refused],
      ['plain', new RangeError('canary')],
    ] as const)
      await expect(span(name, {}, () => Promise.reject(error))).rejects.toBe(error);
    await span('answered', {}, () => {
      failSpan(new SyntaxError('canary'));
      return nothing();
    });
    expect(traces.spans().map(({ name, failed, attributes }) => [name, failed, attributes])).toEqual([
      ['coded', true, { 'error.type': '23505' }],
      ['plain', true, { 'error.type': 'RangeError' }],
      ['answered', true, { 'error.type': 'SyntaxError' }],
    ]);
  });

  it('keeps listed attributes only, without contacts, and is cut where a client names it', async () => {
    const loose = { 'http.route': '/to/pat@example.org', email: 'canary', service: { name: 'canary' } };
    await span('x'.repeat(500), loose as object, () => {
      describeSpan({ 'graphql.operation.name': 'y'.repeat(500) });
      return nothing();
    });
    const [made] = traces.spans();
    expect(made?.name).toHaveLength(120);
    expect(made?.attributes).toEqual({
      'http.route': '/to/[removed]',
      'graphql.operation.name': 'y'.repeat(120),
    });
  });

  it('of a library passes the same list, and loses what its events quote', () => {
    const made = otel.getTracer('library').startSpan('of pat@example.org');
    made.setAttribute('graphql.document', '{ canary }');
    made.recordException(new Error('canary'));
    made.setStatus({ code: SpanStatusCode.ERROR, message: 'canary' });
    made.end();
    expect(traces.spans()).toMatchObject([{ name: 'of [removed]', failed: true, attributes: {} }]);
  });

  it('can be linked to spans of other traces', async () => {
    await span('batch', {}, nothing, { links: [header, undefined, 'nonsense'] });
    expect(named('batch')?.links).toEqual(['b7ad6b7169203331']);
  });

  it('gives the log its trace', async () => {
    const lines: string[] = [];
    const log = createLogger('spec', 'info', { write: (line) => lines.push(line) });
    log.info('outside');
    await continueTrace(header, () =>
      span('within', {}, () => {
        log.info({ count: 1 }, 'inside');
        return nothing();
      }),
    );
    expect(lines.map((line) => (JSON.parse(line) as { traceId?: string }).traceId)).toEqual([
      undefined,
      traceId,
    ]);
  });
});

describe('what a span tells of a statement', () => {
  it.each([
    [`select "a0".* from "appointment" as "a0" where "a0"."id" = ?`, 'select', 'appointment'],
    [`insert into "outbox" ("id") values (?)`, 'insert', 'outbox'],
    [`update "jobs"."job_common" set x = ?`, 'update', 'job_common'],
    [`  delete from inbox where group_name = ?`, 'delete', 'inbox'],
    [`with fresh as (insert into inbox (id) values (?)) select 1`, 'with', 'inbox'],
    [`select jobs.enqueue_job(?, ?::jsonb)`, 'select', 'enqueue_job'],
    [`select 1`, 'select', undefined],
    [`select jobs.enqueue_job('note', '{"text": "a letter from alice into bob"}')`, 'select', 'enqueue_job'],
    [`select 'greetings from alice'`, 'select', undefined],
    [`'; update alice`, 'statement', undefined],
  ])('is its first keyword and its table: %s', (sql, operation, table) => {
    expect(statementOf(sql)).toEqual({ operation, table });
  });
});

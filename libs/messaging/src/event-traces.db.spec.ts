import { currentTraceId, recordTraces, span } from '@caregraph/runtime';
import { suiteDatabase, type SuiteDatabase } from '@caregraph/testing';
import { contractApp, silent, type ContractApp } from './app.contract.js';
import { until } from './database.js';
import { deadLetters, migrateEventLog, postgresTransport, type EventTransport } from './index.js';

describe('the trace of an event', () => {
  let log: SuiteDatabase;
  let transport: EventTransport;
  let app: ContractApp;
  const traces = recordTraces();

  beforeEach(async () => {
    log = await suiteDatabase('event_log');
    await migrateEventLog(log.ownerUrl);
    transport = postgresTransport({ url: log.url, log: silent });
    app = await contractApp(transport);
    traces.clear();
  });
  afterEach(async () => {
    await app.close();
    await transport.close();
    await log.drop();
  });
  afterAll(() => traces.stop());

  const named = (name: string) => traces.spans().filter((one) => one.name === name);
  const written = (noteId: string): Promise<void> =>
    span(`write ${noteId}`, {}, () => app.write({ noteId, number: 1 }));

  it('goes from who publishes it through the outbox, the relay and the log to who consumes it', async () => {
    await written('a');
    await app.relay().drain();
    const seen: (string | undefined)[] = [];
    const consumers = await app.consume('reader', () => seen.push(currentTraceId()));
    await consumers.drain();
    const [publisher] = named('write a');
    const [relayed] = named('relay contract.note-written.v1');
    const [consumed] = named('consume contract.note-written.v1');
    expect(seen).toEqual([publisher?.traceId]);
    for (const one of [relayed, consumed])
      expect(one).toMatchObject({
        traceId: publisher?.traceId,
        parentSpanId: publisher?.spanId,
        failed: false,
      });
    // What is done for the event is below it.
    const below = traces.spans().filter(({ parentSpanId }) => parentSpanId === consumed?.spanId);
    expect(below.map(({ name }) => name)).toEqual(['with inbox', 'insert seen_note']);
  });

  it('is linked to the batch in which it was relayed, which belongs to no trace of theirs', async () => {
    await written('a');
    await written('b');
    await app.relay().drain();
    const [batch, ...more] = named('relay');
    const publishers = [...named('write a'), ...named('write b')];
    expect(more).toEqual([]);
    expect(batch).toMatchObject({
      attributes: { 'messaging.batch.message_count': 2 },
      links: publishers.map(({ spanId }) => spanId),
    });
    expect(publishers.map(({ traceId }) => traceId)).not.toContain(batch?.traceId);
    for (const one of named('relay contract.note-written.v1')) expect(one.links).toEqual([batch?.spanId]);
  });

  it('begins with its consumer where nobody was traced who published it', async () => {
    await app.write({ noteId: 'a', number: 1 });
    await app.relay().drain();
    const [row] = await app.query<{ payload: object }>('select payload from outbox');
    expect(row?.payload).not.toHaveProperty('traceparent');
    const consumers = await app.consume('reader');
    await consumers.drain();
    const [consumed] = named('consume contract.note-written.v1');
    expect(consumed?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(consumed?.parentSpanId).toBeUndefined();
  });

  it('tells of its failure, and goes on when it is replayed', async () => {
    let broken = true;
    await written('a');
    await app.relay().drain();
    const consumers = await app.consume('reader', () => {
      if (broken) throw new RangeError('canary');
    });
    await consumers.drain();
    broken = false;
    const [letter] = await deadLetters(app.orm).list();
    await deadLetters(app.orm).replay(letter?.id ?? '');
    await until(async () => (await consumers.stats()).deadLetters === 0);
    const [publisher] = named('write a');
    const consumed = named('consume contract.note-written.v1');
    expect(consumed.map(({ traceId, failed }) => [traceId, failed])).toEqual([
      [publisher?.traceId, true],
      [publisher?.traceId, false],
    ]);
    expect(consumed[0]?.attributes['error.type']).toBe('RangeError');
    expect(JSON.stringify(traces.spans())).not.toContain('canary');
  });
});

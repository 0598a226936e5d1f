import { currentTraceId, recordTraces, span } from '@caregraph/runtime';
import { offsetClock } from '@caregraph/testing';
import { enqueue, workOn } from './index.js';
import { eventually, hour, note, specApp } from './spec-app.js';

describe('the trace of a job', () => {
  const traces = recordTraces();
  const app = specApp();
  beforeEach(() => {
    traces.clear();
  });
  afterAll(() => traces.stop());

  const runs = () => traces.spans().filter(({ name }) => name === 'job note');
  const request = (text: string, runAt?: Date): Promise<void> =>
    span(`request ${text}`, {}, () =>
      app.inTransaction((em) => enqueue(em, note, { text }, runAt ? { runAt } : {})),
    );

  it('is that of who enqueued it, also hours later and at each try', async () => {
    const clock = offsetClock();
    const seen: (string | undefined)[] = [];
    await request('later', new Date(clock.now().getTime() + hour));
    const work = workOn(note, () => {
      seen.push(currentTraceId());
      return seen.length === 1 ? Promise.reject(new RangeError('canary')) : Promise.resolve();
    });
    await app.start({ clock, work: [work] });
    clock.advance(hour);
    await eventually(() => runs().length, 2, 20_000);
    const [asked] = traces.spans().filter(({ name }) => name === 'request later');
    expect(seen).toEqual([asked?.traceId, asked?.traceId]);
    expect(runs()).toMatchObject([
      {
        parentSpanId: asked?.spanId,
        failed: true,
        attributes: { 'caregraph.job.name': 'note', 'caregraph.job.attempt': 1, 'error.type': 'RangeError' },
      },
      { parentSpanId: asked?.spanId, failed: false, attributes: { 'caregraph.job.attempt': 2 } },
    ]);
    expect(JSON.stringify(traces.spans())).not.toContain('canary');
  }, 30_000);

  it('begins with it where nobody was traced who enqueued it', async () => {
    await app.inTransaction((em) => enqueue(em, note, { text: 'alone' }));
    await app.start({ work: [workOn(note, () => Promise.resolve())] });
    await eventually(() => runs().length, 1);
    expect(runs()[0]?.parentSpanId).toBeUndefined();
  });
});

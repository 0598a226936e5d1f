import { Presence } from './presence.js';
import { SharedCalls } from './shared-calls.js';

describe('queries that are alike and under way at the same time', () => {
  const calls: { answer: (text: string) => void; askers: Presence }[] = [];
  const send = (askers: Presence): Promise<string> =>
    new Promise((resolve, reject) => {
      calls.push({ answer: resolve, askers });
      askers.onLeave(() => {
        reject(new Error('given up'));
      });
    });
  const shared = new SharedCalls();
  const k = { asker: 'a', body: '{"query":"{ a }"}' };
  beforeEach(() => calls.splice(0));

  it('are one call with one answer, and the next one is another', async () => {
    const both = [shared.ask(k, undefined, send), shared.ask(k, new Presence(), send)];
    calls[0]?.answer('one');
    expect(await Promise.all(both)).toEqual(['one', 'one']);
    const next = shared.ask(k, undefined, send);
    calls[1]?.answer('two');
    expect(await next).toBe('two');
    expect(calls).toHaveLength(2);
  });

  it('go on for the one who stays when another leaves', async () => {
    const gone = new Presence();
    const leaving = shared.ask(k, gone, send);
    const staying = shared.ask(k, new Presence(), send);
    gone.leave();
    await expect(leaving).rejects.toThrow('has left');
    expect(calls[0]?.askers.left).toBe(false);
    calls[0]?.answer('one');
    expect(await staying).toBe('one');
  });

  it('are given up when all have left, and nobody joins what was given up', async () => {
    const gone = new Presence();
    const leaving = [shared.ask(k, gone, send), shared.ask(k, gone, send)];
    gone.leave();
    const next = shared.ask(k, undefined, send);
    expect((await Promise.allSettled(leaving)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(calls[0]?.askers.left).toBe(true);
    calls[1]?.answer('two');
    expect(await next).toBe('two');
  });

  it('are two where a change lies between them: who has changed something reads it', async () => {
    const before = shared.ask(k, undefined, send);
    shared.joinNoMore();
    const after = shared.ask(k, undefined, send);
    calls[1]?.answer('new');
    calls[0]?.answer('old');
    expect(await Promise.all([before, after])).toEqual(['old', 'new']);
    const next = shared.ask(k, undefined, send);
    calls[2]?.answer('newer');
    expect(await next).toBe('newer');
  });

  it('are alike by the whole body and by who asks, and never by the place that they share', async () => {
    const bodies = Array.from({ length: 3_000 }, (_, nth) => `${nth} ${'same end '.repeat(20)}`);
    const alike = [...bodies.map((body) => ({ asker: 'a', body })), { asker: 'b', body: bodies[0] ?? '' }];
    const asked = alike.map((each) => shared.ask(each, undefined, send));
    expect(calls).toHaveLength(3_001);
    const again = alike.map((each) => shared.ask(each, undefined, send));
    expect(calls).toHaveLength(3_001);
    for (const [nth, { answer }] of [...calls.entries()].toSorted(
      ([one], [other]) => (one % 7) - (other % 7),
    ))
      answer(String(nth));
    const expected = alike.map((_, nth) => String(nth));
    expect(await Promise.all(asked)).toEqual(expected);
    expect(await Promise.all(again)).toEqual(expected);
    const next = shared.ask(k, undefined, send);
    expect(calls).toHaveLength(3_002);
    calls.at(-1)?.answer('next');
    expect(await next).toBe('next');
  });

  it('are not begun for a caller who has left already', async () => {
    const gone = new Presence();
    gone.leave();
    await expect(shared.ask(k, gone, send)).rejects.toThrow('has left');
    expect(calls).toEqual([]);
  });
});

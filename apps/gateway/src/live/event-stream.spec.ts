import { EventStream, mapped, type Sink } from './event-stream.js';

describe('a stream of events', () => {
  let sink: Sink<number>;
  let stopped = 0;
  const open = (): EventStream<number> => {
    stopped = 0;
    return new EventStream<number>(
      (pushed) => {
        sink = pushed;
        return () => {
          stopped += 1;
        };
      },
      () => new Error('too slow'),
    );
  };

  it('events arrive in the order in which they were pushed, then the end', async () => {
    const stream = open();
    sink.next(1);
    sink.next(2);
    sink.complete();
    const seen: number[] = [];
    for await (const value of stream) seen.push(value);
    expect(seen).toEqual([1, 2]);
  });

  it('a quiet stream ends at once when its reader leaves', async () => {
    const events = mapped(open(), (value) => Promise.resolve(value));
    const waiting = events.next();
    await events.return?.();
    await expect(waiting).resolves.toEqual({ done: true, value: undefined });
    expect(stopped).toBe(1);
  });

  it('an error is thrown to the reader after the events before it, once', async () => {
    const stream = open();
    sink.next(1);
    sink.error(new Error('lost'));
    await expect(stream.next()).resolves.toEqual({ done: false, value: 1 });
    await expect(stream.next()).rejects.toThrow('lost');
    await expect(stream.next()).resolves.toEqual({ done: true, value: undefined });
  });

  it('a reader who is a thousand events behind is told so, and the source is stopped', async () => {
    const stream = open();
    for (let value = 0; value <= 1_000; value += 1) sink.next(value);
    await expect(stream.next()).rejects.toThrow('too slow');
    expect(stopped).toBe(1);
  });
});

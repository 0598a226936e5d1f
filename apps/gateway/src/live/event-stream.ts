// Events from where they are pushed to where they are pulled. An async generator function will not do: its `return`
// waits behind a pending `next`, so that a quiet subscription would outlive its client.

/** More waiting events than this and the reader is too slow: the stream fails, and the client subscribes anew. */
const mostWaiting = 1_000;

export interface Sink<Value> {
  next(value: Value): void;
  error(error: unknown): void;
  complete(): void;
}

export class EventStream<Value> implements AsyncIterableIterator<Value, undefined> {
  private readonly waiting: Value[] = [];
  private end: { readonly error?: unknown } | undefined;
  private wake: (() => void) | undefined;
  private readonly stop: () => void;

  /** @param start begins to push into the sink, and returns how to stop that. */
  constructor(
    start: (sink: Sink<Value>) => () => void,
    private readonly overflow: () => Error,
  ) {
    this.stop = start({
      next: (value) => {
        this.push(value);
      },
      error: (error) => {
        this.finish({ error });
      },
      complete: () => {
        this.finish({});
      },
    });
  }

  async next(): Promise<IteratorResult<Value, undefined>> {
    while (this.waiting.length === 0 && !this.end) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const [value] = this.waiting;
    if (this.waiting.length > 0) {
      this.waiting.shift();
      return { done: false, value: value as Value };
    }
    // Thrown once; whoever asks again finds the stream merely ended.
    const { end } = this;
    this.end = {};
    if (end && 'error' in end) throw end.error;
    return { done: true, value: undefined };
  }

  /** Ends at once, also while somebody waits in `next`. */
  return(): Promise<IteratorResult<Value, undefined>> {
    this.waiting.length = 0;
    this.finish({});
    this.stop();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private push(value: Value): void {
    if (this.end) return;
    this.waiting.push(value);
    if (this.waiting.length > mostWaiting) {
      this.waiting.length = 0;
      this.finish({ error: this.overflow() });
      this.stop();
    }
    this.wake?.();
  }

  private finish(end: { readonly error?: unknown }): void {
    this.end ??= end;
    this.wake?.();
  }
}

/** Each value through an asynchronous function, in order, one at a time. */
export function mapped<From, To>(
  stream: EventStream<From>,
  transform: (value: From) => Promise<To>,
): AsyncIterableIterator<To, undefined> {
  return {
    next: async () => {
      const step = await stream.next();
      return step.done === true
        ? { done: true, value: undefined }
        : { done: false, value: await transform(step.value) };
    },
    return: async () => {
      await stream.return();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

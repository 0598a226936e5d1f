// Calls that are alike and under way at the same time are one call. It is given up when all who asked have gone.

interface SharedCall {
  readonly answer: Promise<string>;
  readonly allLeft: AbortController;
  askers: number;
}

export class SharedCalls {
  private readonly underWay = new Map<string, SharedCall>();

  /** Rejects for an asker who leaves. One without a signal never does. */
  async ask(
    key: string,
    left: AbortSignal | undefined,
    send: (allLeft: AbortSignal) => Promise<string>,
  ): Promise<string> {
    if (left?.aborted === true) throw new CallerLeft();
    const call = this.underWay.get(key) ?? this.begin(key, send);
    call.askers += 1;
    if (!left) return call.answer;
    const listening = new AbortController();
    const gone = new Promise<never>((_resolve, reject) => {
      const leave = (): void => {
        this.leave(key, call);
        reject(new CallerLeft());
      };
      left.addEventListener('abort', leave, { once: true, signal: listening.signal });
    });
    return Promise.race([call.answer, gone]).finally(() => {
      listening.abort();
    });
  }

  private begin(key: string, send: (allLeft: AbortSignal) => Promise<string>): SharedCall {
    const allLeft = new AbortController();
    const answer = send(allLeft.signal).finally(() => {
      this.forget(key, call);
    });
    // Whoever still waits for it hears of it; when all have gone, nobody does.
    answer.catch(() => undefined);
    const call: SharedCall = { answer, allLeft, askers: 0 };
    this.underWay.set(key, call);
    return call;
  }

  private leave(key: string, call: SharedCall): void {
    call.askers -= 1;
    if (call.askers > 0) return;
    // At once, so that nobody joins a call that is being given up.
    this.forget(key, call);
    call.allLeft.abort();
  }

  private forget(key: string, call: SharedCall): void {
    if (this.underWay.get(key) === call) this.underWay.delete(key);
  }
}

/** Nobody is there to be answered. */
export class CallerLeft extends Error {
  override readonly name = 'CallerLeft';

  constructor() {
    super('The caller has left.');
  }
}

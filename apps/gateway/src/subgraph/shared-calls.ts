// Calls that are alike and under way at the same time are one call. It is given up when all who asked have gone.
import { Presence } from './presence.js';

interface SharedCall {
  readonly answer: Promise<string>;
  /** Of all who asked: it leaves with the last of them. */
  readonly askers: Presence;
  count: number;
}

export class SharedCalls {
  private readonly underWay = new Map<string, SharedCall>();

  /** Rejects for an asker who leaves. One of whom it is not known never does. */
  ask(
    key: string,
    asker: Presence | undefined,
    send: (askers: Presence) => Promise<string>,
  ): Promise<string> {
    if (asker?.left === true) return Promise.reject(new CallerLeft());
    const call = this.underWay.get(key) ?? this.begin(key, send);
    call.count += 1;
    if (!asker) return call.answer;
    return new Promise((resolve, reject) => {
      const stopListening = asker.onLeave(() => {
        this.leave(key, call);
        reject(new CallerLeft());
      });
      call.answer.finally(stopListening).then(resolve, reject);
    });
  }

  /** From now on nobody joins what is under way: something was changed that it may have read before. */
  joinNoMore(): void {
    this.underWay.clear();
  }

  private begin(key: string, send: (askers: Presence) => Promise<string>): SharedCall {
    const askers = new Presence();
    const answer = send(askers);
    const call: SharedCall = { answer, askers, count: 0 };
    const forget = (): void => {
      this.forget(key, call);
    };
    // Whoever still waits hears of a failure; when all have gone, nobody does.
    answer.then(forget, forget);
    this.underWay.set(key, call);
    return call;
  }

  private leave(key: string, call: SharedCall): void {
    call.count -= 1;
    if (call.count > 0) return;
    // At once, so that nobody joins a call that is being given up.
    this.forget(key, call);
    call.askers.leave();
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

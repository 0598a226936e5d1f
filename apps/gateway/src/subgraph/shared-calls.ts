// Calls that are alike and under way at the same time are one call. It is given up when all who asked have gone.
import { GraphQLError } from 'graphql';
import { Presence } from './presence.js';

/** What two calls must have in common to be one. */
export interface Alike {
  /** Who asks, see `viewer-key.ts`, and what else the answer depends on. */
  readonly asker: string;
  readonly body: string;
}

/** One who waits for an answer. */
interface Waiting {
  readonly resolve: (text: string) => void;
  readonly reject: (error: unknown) => void;
  readonly stopListening: (() => void) | undefined;
}

class SharedCall {
  /** Of all who wait: it leaves with the last of them. */
  readonly askers = new Presence();
  readonly waiting: Waiting[] = [];

  constructor(
    readonly asker: string,
    readonly body: string,
    /** Changes that were made before it began. */
    readonly changes: number,
    /** The next one in its place. */
    public next: SharedCall | undefined,
  ) {}
}

const places = 1_024;
/** Characters by which a place is found: variables stand last in a body, and differ first. */
const telling = 64;

/**
 * The calls are in a table of our own, whose places are written over. A Map of so many short-lived entries makes a new
 * table every few dozen of them, and what an old table still points to, whole requests, outlives it for seconds:
 * measured, that made pauses of garbage collection three times as long and each call a quarter dearer.
 */
export class SharedCalls {
  private readonly underWay = new Array<SharedCall | undefined>(places).fill(undefined);
  private changes = 0;

  /** Rejects for an asker who leaves. One of whom it is not known never does. */
  ask(
    alike: Alike,
    asker: Presence | undefined,
    send: (askers: Presence) => Promise<string>,
  ): Promise<string> {
    if (asker?.left === true) return Promise.reject(new CallerLeft());
    const place = placeOf(alike.body);
    const call = this.find(place, alike) ?? this.begin(place, alike, send);
    return new Promise((resolve, reject) => {
      const stopListening = asker?.onLeave(() => {
        this.leave(call, waiting);
        reject(new CallerLeft());
      });
      const waiting = { resolve, reject, stopListening };
      call.waiting.push(waiting);
    });
  }

  /** From now on nobody joins what is under way: something was changed that it may have read before. */
  joinNoMore(): void {
    this.changes += 1;
  }

  private find(place: number, { asker, body }: Alike): SharedCall | undefined {
    let call = this.underWay[place];
    while (call && !(call.changes === this.changes && call.body === body && call.asker === asker))
      call = call.next;
    return call;
  }

  private begin(
    place: number,
    { asker, body }: Alike,
    send: (askers: Presence) => Promise<string>,
  ): SharedCall {
    const call = new SharedCall(asker, body, this.changes, this.underWay[place]);
    this.underWay[place] = call;
    send(call.askers).then(
      (text) => {
        this.forget(call);
        for (const { stopListening, resolve } of call.waiting) {
          stopListening?.();
          resolve(text);
        }
      },
      // Whoever still waits hears of a failure; when all have gone, nobody does.
      (error: unknown) => {
        this.forget(call);
        for (const { stopListening, reject } of call.waiting) {
          stopListening?.();
          reject(error);
        }
      },
    );
    return call;
  }

  private leave(call: SharedCall, waiting: Waiting): void {
    call.waiting.splice(call.waiting.indexOf(waiting), 1);
    if (call.waiting.length > 0) return;
    // At once, so that nobody joins a call that is being given up.
    this.forget(call);
    call.askers.leave();
  }

  private forget(call: SharedCall): void {
    const place = placeOf(call.body);
    let before = this.underWay[place];
    if (before === call) {
      this.underWay[place] = call.next;
      return;
    }
    while (before && before.next !== call) before = before.next;
    if (before) before.next = call.next;
  }
}

function placeOf(body: string): number {
  let found = body.length;
  for (let at = Math.max(0, body.length - telling); at < body.length; at += 1)
    found = (found * 31 + body.charCodeAt(at)) | 0;
  return found & (places - 1);
}

/** Nobody is there to be answered: the caller's doing, and no fault of anybody's. */
export class CallerLeft extends GraphQLError {
  override readonly name = 'CallerLeft';

  constructor() {
    super('The caller has left.', { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
  }
}

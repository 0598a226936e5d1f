// One subscription of a subgraph and the groups that listen to it. When its socket is lost it comes back by itself, and
// the present state that the subgraph then sends is marked for clients.
import type { Viewer } from '@caregraph/runtime';
import { unavailable } from '@caregraph/subgraph';
import type { UpstreamRequest } from '../graph/plan-steps.js';
import { Group, type GroupOptions } from './group.js';
import type { LiveSubscription } from './subscription.js';
import type { Upstream } from './upstream.js';

export interface FeedOptions extends GroupOptions {
  readonly upstream: Upstream;
  readonly request: UpstreamRequest;
  readonly viewer: Viewer;
  /** An event came, or the feed came back. */
  readonly changed: () => void;
  /** It is over, and its members are told. */
  readonly ended: () => void;
}

/** With the pauses between them, a subgraph has some 30 seconds to come back. */
const mostTries = 8;
/** Milliseconds after which a connection counts as sound. */
const soundAfter = 10_000;
/** Milliseconds within which a subgraph that is asked again sends the present state, if there is any. */
const stateWithin = 2_000;
/** Events more than this behind, and the present state is more use than each of them. */
const mostWaiting = 1_000;

export class Feed {
  readonly groups = new Map<string, Group>();
  readonly openedAt = performance.now();
  firstAt: number | undefined;
  lastAt: number | undefined;
  /** The last event, serialised. */
  lastEvent: string | undefined;
  /** Whether it listens, as far as is known. */
  connected = true;
  private over = false;
  private tries = 0;
  private stop: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;
  private marking: NodeJS.Timeout | undefined;

  /** @param delay milliseconds until it opens. */
  constructor(
    private readonly options: FeedOptions,
    delay: number,
  ) {
    options.metrics.liveUpstreams.inc();
    if (delay === 0) this.open();
    else this.timer = setTimeout(() => { this.open(); }, delay); // prettier-ignore
  }

  get isEmpty(): boolean {
    return [...this.groups.values()].every(({ size }) => size === 0);
  }

  add(member: LiveSubscription): void {
    const { key } = member;
    let group = this.groups.get(key);
    if (!group) this.groups.set(key, (group = new Group(this.options)));
    group.add(member);
    if (member.resync) this.tellMarksSoon();
  }

  remove(member: LiveSubscription): void {
    const { key } = member;
    const group = this.groups.get(key);
    group?.remove(member);
    if (group?.size === 0) this.groups.delete(key);
  }

  /** Takes all of another feed, which stands at the same event and ends with this. */
  absorb(other: Feed): void {
    for (const [key, group] of other.groups) {
      const own = this.groups.get(key) ?? new Group(this.options);
      own.absorb(group);
      this.groups.set(key, own);
    }
    other.close();
    this.tellMarksSoon();
  }

  /** Ends at once, also a quiet one. */
  close(): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    clearTimeout(this.marking);
    this.stop?.();
    this.options.metrics.liveUpstreams.dec();
  }

  private open(): void {
    const { upstream, request, viewer } = this.options;
    const begun = performance.now();
    let listening = true;
    const ifListening =
      <Args extends unknown[]>(act: (...args: Args) => void) =>
      (...args: Args): void => {
        if (listening && !this.over) act(...args);
      };
    const cancel = upstream.subscribe(request, viewer, {
      next: ifListening((event) => {
        this.take(event);
      }),
      refused: ifListening((errors) => {
        this.end((member) => { member.reader.fail(errors); }); // prettier-ignore
      }),
      lost: ifListening((wasOpen) => {
        listening = false;
        this.lost(wasOpen, performance.now() - begun);
      }),
      complete: ifListening(() => {
        this.end((member) => { member.reader.complete(); }); // prettier-ignore
      }),
    });
    this.connected = true;
    this.stop = () => {
      listening = false;
      cancel();
    };
  }

  private take(event: unknown): void {
    const now = performance.now();
    this.firstAt ??= now;
    this.lastAt = now;
    this.lastEvent = JSON.stringify(event);
    for (const group of this.groups.values()) {
      if (group.waiting >= mostWaiting) {
        this.restart();
        return;
      }
      group.push(this.lastEvent);
    }
    this.options.changed();
  }

  private restart(): void {
    this.stop?.();
    this.lost(true, soundAfter);
  }

  private lost(wasOpen: boolean, lasted: number): void {
    // Who subscribes while the subgraph is down is told at once, and may try again as he likes.
    const neverWas = this.tries === 0 && !wasOpen;
    this.tries = wasOpen && lasted >= soundAfter ? 1 : this.tries + 1;
    if (neverWas || this.tries > mostTries) {
      const errors = [unavailable('The live update was interrupted. Subscribe again.')];
      this.end((member) => { member.reader.fail(errors); }); // prettier-ignore
      return;
    }
    this.connected = false;
    this.timer = setTimeout(() => {
      for (const group of this.groups.values()) group.mark();
      this.open();
      this.tellMarksSoon();
    }, pauseBefore(this.tries)).unref();
  }

  private tellMarksSoon(): void {
    clearTimeout(this.marking);
    this.marking = setTimeout(() => {
      if (!this.connected) return;
      for (const group of this.groups.values()) group.tellMarks();
    }, stateWithin).unref();
  }

  private end(tell: (member: LiveSubscription) => void): void {
    this.close();
    const members = [...this.groups.values()].flatMap((group) => [...group]);
    this.groups.clear();
    this.options.ended();
    for (const member of members) tell(member);
  }
}

/** Twice as long each time, up to 5 s, and never the same for all. */
const pauseBefore = (tries: number): number => Math.min(5_000, 100 * 2 ** tries) * (0.5 + Math.random() / 2);

// All who may share one subscription of a subgraph. A subgraph sends the present state to each new subscription, so who
// joins later gets a feed of his own for it, which merges into the oldest as soon as both stand at the same event.
import { Feed, type FeedOptions } from './feed.js';
import type { LiveSubscription } from './subscription.js';

/** Milliseconds without an event, after which both feeds have had the same ones. */
const calm = 1_000;
/** Milliseconds after its first event, in which a feed may still be sending the present state. */
const stateTakes = 2_000;
/** Milliseconds after which a feed without any event has no state to send. */
const nothingAfter = 5_000;
/** So many feeds at a time, and newcomers wait a moment for each other. */
const mostFeeds = 4;
const moment = 250;

export class Topic {
  /** The oldest first; the others merge into it. */
  private feeds: Feed[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: Omit<FeedOptions, 'changed' | 'ended' | 'viewer'>,
    /** Nobody listens any more. */
    private readonly emptied: () => void,
  ) {}

  join(member: LiveSubscription): void {
    member.topic = this;
    const youngest = this.feeds.at(-1);
    // One that has not had an event yet has everything still before it.
    const feed = youngest?.firstAt === undefined ? (youngest ?? this.open(member)) : this.open(member);
    feed.add(member);
  }

  leave(member: LiveSubscription): void {
    for (const feed of this.feeds) feed.remove(member);
    member.former?.remove(member);
    member.topic = member.group = member.former = undefined;
    for (const feed of this.feeds.filter(({ isEmpty }) => isEmpty)) {
      feed.close();
      this.forget(feed);
    }
  }

  close(): void {
    clearTimeout(this.timer);
    for (const feed of this.feeds) feed.close();
    this.feeds = [];
  }

  private open({ viewer }: LiveSubscription): Feed {
    const feed: Feed = new Feed(
      {
        ...this.options,
        viewer,
        changed: () => {
          if (this.feeds.length > 1) this.merge();
        },
        ended: () => {
          this.forget(feed);
        },
      },
      this.feeds.length < mostFeeds ? 0 : moment,
    );
    this.feeds.push(feed);
    this.mergeLater();
    return feed;
  }

  private forget(feed: Feed): void {
    this.feeds = this.feeds.filter((one) => one !== feed);
    if (this.feeds.length > 0) return;
    clearTimeout(this.timer);
    this.emptied();
  }

  private merge(): void {
    const [oldest, ...others] = this.feeds;
    if (!oldest) return;
    const now = performance.now();
    for (const young of others) {
      if (!isLevel(oldest, young, now)) continue;
      oldest.absorb(young);
      this.forget(young);
    }
  }

  private mergeLater(): void {
    if (this.timer || this.feeds.length < 2) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.merge();
      this.mergeLater();
    }, calm / 4).unref();
  }
}

/** Whether two feeds have had the same events: none for a while, or the same one just now. */
export function isLevel(
  oldest: Pick<Feed, 'connected' | 'openedAt' | 'firstAt' | 'lastAt' | 'lastEvent'>,
  young: typeof oldest,
  now: number,
): boolean {
  if (!oldest.connected || !young.connected) return false;
  if (young.firstAt === undefined) return now - young.openedAt >= nothingAfter && isCalm(oldest, now);
  if (isCalm(oldest, now) && isCalm(young, now)) return true;
  // Before, the present state of one thing could be taken for the change of it, and the state of the rest be lost.
  const settled = young.firstAt + stateTakes;
  const haveChanges = [oldest, young].every(({ lastAt = 0 }) => lastAt > settled);
  return haveChanges && oldest.lastEvent === young.lastEvent;
}

const isCalm = ({ lastAt, openedAt }: Pick<Feed, 'lastAt' | 'openedAt'>, now: number): boolean =>
  now - (lastAt ?? openedAt) >= calm;

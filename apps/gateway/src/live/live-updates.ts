// All live subscriptions of this process: who shares what, what happens to them when the supergraph or a caller's rights
// change, and when they end.
import type { GraphQLFormattedError } from 'graphql';
import type { Viewer } from '@caregraph/runtime';
import { unavailable } from '@caregraph/subgraph';
import type { GroupOptions } from './group.js';
import { LiveQuota, liveLimits, type LiveLimits } from './live-limits.js';
import { authorisationOf, topicKey } from './share-key.js';
import { keyOf, LiveSubscription, type Asked, type Reader } from './subscription.js';
import type { PlannedSubscription, SubscriptionPlans } from './subscription-plans.js';
import { Topic } from './topic.js';
import type { Upstream } from './upstream.js';

export interface LiveUpdatesOptions extends GroupOptions {
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly plans: SubscriptionPlans;
  readonly limits?: Partial<LiveLimits> | undefined;
}

export class LiveUpdates {
  readonly quota: LiveQuota;
  private readonly topics = new Map<string, Topic>();
  private readonly live = new Map<LiveSubscription, () => void>();

  constructor(private readonly options: LiveUpdatesOptions) {
    this.quota = new LiveQuota({ ...liveLimits, ...options.limits });
  }

  /** Begins; results go to the reader until it is left. Throws TOO_MANY_REQUESTS. */
  subscribe(asked: Asked): LiveSubscription {
    const giveBack = this.quota.take(asked.viewer);
    const reader = new EndingReader(asked.reader, this, this.options.mask);
    const subscription = new LiveSubscription({ ...asked, reader });
    reader.subscription = subscription;
    this.live.set(subscription, giveBack);
    this.options.metrics.subscriptions.inc();
    this.join(subscription);
    return subscription;
  }

  leave(subscription: LiveSubscription): void {
    const giveBack = this.live.get(subscription);
    if (!giveBack) return;
    this.live.delete(subscription);
    giveBack();
    this.options.metrics.subscriptions.dec();
    subscription.topic?.leave(subscription);
  }

  /** The caller has a fresh token: what he may see may have changed. */
  renew(subscription: LiveSubscription, viewer: Viewer): void {
    const before = authorisationOf(subscription.viewer);
    subscription.viewer = { ...viewer, requestId: subscription.ids.requestId };
    if (authorisationOf(viewer) === before) return;
    try {
      this.options.plans.checkPermitted(subscription.planned, viewer, subscription.variables);
      this.rejoin(subscription);
    } catch (error) {
      subscription.reader.fail([error as GraphQLFormattedError]);
    }
  }

  /** Plans all anew, on the present graph and for the present labels. What is no longer valid ends with the reason. */
  replan(): void {
    for (const subscription of [...this.live.keys()]) {
      const { query, operationName } = subscription.planned;
      try {
        const planned = this.options.plans.plan(query, operationName, subscription.viewer);
        this.options.plans.checkVariables(planned, subscription.variables);
        this.options.plans.checkPermitted(planned, subscription.viewer, subscription.variables);
        this.change(subscription, planned);
      } catch (error) {
        subscription.reader.fail([error as GraphQLFormattedError]);
      }
    }
  }

  close(): void {
    for (const topic of this.topics.values()) topic.close();
    this.topics.clear();
  }

  /** Only where its owner is asked something else, or its labels have changed, it subscribes anew there. */
  private change(subscription: LiveSubscription, planned: PlannedSubscription): void {
    const { variables, viewer } = subscription;
    const shared = (one: PlannedSubscription): string =>
      topicKey(one.prepared.owner, one.prepared.request(variables), viewer) + keyOf(one, variables);
    if (shared(planned) === shared(subscription.planned)) subscription.planned = planned;
    else this.rejoin(subscription, planned);
  }

  private rejoin(subscription: LiveSubscription, planned = subscription.planned): void {
    // By the key under which it joined.
    subscription.topic?.leave(subscription);
    subscription.planned = planned;
    subscription.resync = true;
    this.join(subscription);
  }

  private join(subscription: LiveSubscription): void {
    const { planned, variables, viewer } = subscription;
    const { owner } = planned.prepared;
    const request = planned.prepared.request(variables);
    const upstream = this.options.upstreams.get(owner);
    if (!upstream) {
      subscription.reader.fail([unavailable(`The subgraph ${owner} cannot be reached.`)]);
      return;
    }
    const key = topicKey(owner, request, viewer);
    let topic = this.topics.get(key);
    if (!topic) {
      const opened: Topic = new Topic({ ...this.options, upstream, request }, () => {
        if (this.topics.get(key) === opened) this.topics.delete(key);
      });
      this.topics.set(key, (topic = opened));
    }
    topic.join(subscription);
  }
}

/** Where a subscription's results go; with the last of them it is over. One object, since thousands are kept. */
class EndingReader implements Reader {
  subscription: LiveSubscription | undefined;

  constructor(
    private readonly reader: Reader,
    private readonly updates: LiveUpdates,
    private readonly mask: GroupOptions['mask'],
  ) {}

  next(result: string): void {
    this.reader.next(result);
  }

  fail(errors: readonly GraphQLFormattedError[]): void {
    if (!this.subscription) return;
    this.updates.leave(this.subscription);
    this.reader.fail(this.mask(errors, this.subscription.ids));
  }

  complete(): void {
    if (this.subscription) this.updates.leave(this.subscription);
    this.reader.complete();
  }
}

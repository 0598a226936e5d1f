// Subscribers who ask the same of one feed. Each event is completed once and serialised once for all of them, a few at a
// time, and delivered in order.
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { continueTrace, span } from '@caregraph/runtime';
import { unsaid, type CallSubgraph } from '../graph/executor.js';
import type { SubgraphAnswer } from '../graph/fetch-steps.js';
import type { Values } from '../graph/values.js';
import type { ErrorIds } from '../caller/request-id.js';
import { outcomeOf, type GatewayMetrics } from '../operation/metrics.js';
import { codeOf } from '../operation/masking.js';
import { deadlineFromNow } from '../operation/operation-rules.js';
import type { LiveSubscription } from './subscription.js';
import { subscriptionName } from './subscription-trace.js';

export interface GroupOptions {
  readonly call: CallSubgraph;
  readonly metrics: GatewayMetrics;
  readonly mask: (errors: readonly GraphQLFormattedError[], ids: ErrorIds) => GraphQLFormattedError[];
}

interface Completed {
  readonly data: Values | null;
  readonly errors: readonly GraphQLError[];
}

const nothing = (): void => undefined;

/** What tells a client that it may have missed something, and that this is the present state. */
const marker = '"extensions":{"resync":true}';

/**
 * So many events are completed at a time. The present state of a practice are fifty of them, and one after the other they
 * would keep whoever comes back waiting for seconds; what changes meanwhile comes behind them.
 */
const abreast = 8;

export class Group {
  /** Each with the last event that was not meant for it. */
  private readonly members = new Map<LiveSubscription, number>();
  private tail: Promise<unknown> = Promise.resolve();
  /** When the last ones were completed, by their places. */
  private underWay: Promise<void>[] = [];
  private sequence = 0;
  /** Events that are not delivered yet. */
  waiting = 0;

  constructor(private readonly options: GroupOptions) {}

  get size(): number {
    return this.members.size;
  }

  [Symbol.iterator](): IterableIterator<LiveSubscription> {
    return this.members.keys();
  }

  add(member: LiveSubscription): void {
    this.members.set(member, this.sequence);
    member.group = this;
  }

  remove(member: LiveSubscription): void {
    this.members.delete(member);
  }

  /** @param event as its owner pushed it; parsed here, since it is merged in place. */
  push(event: string): void {
    this.sequence += 1;
    this.waiting += 1;
    const number = this.sequence;
    const completing = this.inTurn(number, () => {
      const [first] = this.members.keys();
      return first && this.completed(first, event);
    });
    this.tail = this.tail.then(async () => {
      const completed = await completing;
      this.waiting -= 1;
      if (this.waiting === 0) this.underWay = [];
      if (completed) this.deliver(completed, number);
    });
  }

  private inTurn<Result>(
    number: number,
    complete: () => Promise<Result> | undefined,
  ): Promise<Result | undefined> {
    const place = number % abreast;
    const completing = (this.underWay[place] ?? Promise.resolve()).then(complete);
    this.underWay[place] = completing.then(nothing);
    return completing;
  }

  /** From here on, each member's next result says that something may have been missed. */
  mark(): void {
    this.tail = this.tail.then(() => {
      for (const member of this.members.keys()) member.resync = true;
    });
  }

  /** Tells those who still wait for a result to carry the mark: there was none. */
  tellMarks(): void {
    this.tail = this.tail.then(() => {
      for (const member of this.members.keys()) {
        if (!member.resync) continue;
        member.resync = false;
        this.options.metrics.liveResync();
        member.reader.next(`{"data":null,${marker}}`);
      }
    });
  }

  /** Takes the members of another group that stands at the same event; what that has still to deliver comes first. */
  absorb(other: Group): void {
    for (const member of [...other.members.keys()]) {
      this.add(member);
      member.former = other;
    }
    this.tail = Promise.all([this.tail, other.tail]);
  }

  private async completed(first: LiveSubscription, event: string): Promise<Completed> {
    const name = subscriptionName(first.planned);
    try {
      return await continueTrace(first.traceparent, () =>
        span(`live update ${name}`, {}, () => this.complete(first, event)),
      );
    } catch (error) {
      return { data: null, errors: [error as GraphQLError] };
    }
  }

  private async complete(
    { planned, variables, viewer }: LiveSubscription,
    event: string,
  ): Promise<Completed> {
    const { prepared } = planned;
    const context = { viewer, deadline: deadlineFromNow() };
    const errors: GraphQLError[] = [];
    const run = {
      variables,
      data: {} as Values,
      errors,
      call: (call: Parameters<CallSubgraph>[0]) => this.options.call(call, context),
    };
    prepared.take(run, JSON.parse(event) as SubgraphAnswer);
    await prepared.complete(run);
    const shaped = prepared.shape(run.data, variables, prepared.introspect(variables));
    errors.push(...unsaid(shaped, errors));
    return { data: shaped.data, errors };
  }

  private deliver({ data, errors }: Completed, number: number): void {
    const { metrics, mask } = this.options;
    const outcome = outcomeOf(errors.map((error) => codeOf(error)));
    const start = `{"data":${JSON.stringify(data)}`;
    const shared = `${start}}`;
    let count = 0;
    for (const [member, after] of this.members) {
      if (number <= after) continue;
      count += 1;
      // Errors carry the id of each one's own request.
      const told = errors.length > 0 ? `,"errors":${JSON.stringify(mask(errors, member.ids))}` : '';
      if (member.resync) metrics.liveResync();
      const marked = member.resync ? `,${marker}` : '';
      member.resync = false;
      member.reader.next(told === '' && marked === '' ? shared : `${start}${told}${marked}}`);
    }
    metrics.liveEvent(outcome, count);
  }
}

// One subscription: its owner pushes a field, and each event is completed with the fields of the other subgraphs
// through the same compiled plan that a query would have.
import type { FormattedExecutionResult, GraphQLError } from 'graphql';
import { continueTrace, span, type Viewer } from '@caregraph/runtime';
import { unsaid, type CallSubgraph } from '../graph/executor.js';
import type { Values } from '../graph/values.js';
import { deadlineFromNow } from '../operation/operation-rules.js';
import { mapped } from './event-stream.js';
import { subscriptionName } from './subscription-trace.js';
import type { PlannedSubscription } from './subscription-plans.js';
import type { Upstream } from './upstream.js';

export interface LiveSubscription {
  readonly planned: PlannedSubscription;
  readonly variables: Record<string, unknown>;
  readonly viewer: Viewer;
  /** What each event's completion is a part of. */
  readonly traceparent?: string | undefined;
}

export interface LiveUpdatesOptions {
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly call: CallSubgraph;
}

/** An event, completed. */
export interface LiveResult {
  readonly data: Values | null;
  readonly errors?: readonly GraphQLError[];
}

export class LiveUpdates {
  constructor(private readonly options: LiveUpdatesOptions) {}

  async subscribe(subscription: LiveSubscription): Promise<AsyncIterableIterator<LiveResult, undefined>> {
    const { prepared } = subscription.planned;
    const upstream = this.options.upstreams.get(prepared.owner);
    if (!upstream) throw new Error(`No upstream for ${prepared.owner}.`);
    const events = await upstream.subscribe(prepared.request(subscription.variables), subscription.viewer);
    const name = subscriptionName(subscription.planned);
    return mapped(events, (event) =>
      continueTrace(subscription.traceparent, () =>
        span(`live update ${name}`, {}, () => this.complete(subscription, event)),
      ),
    );
  }

  private async complete(
    { planned, variables, viewer }: LiveSubscription,
    event: FormattedExecutionResult,
  ): Promise<LiveResult> {
    const { prepared } = planned;
    const context = { viewer, deadline: deadlineFromNow() };
    const errors: GraphQLError[] = [];
    const run = {
      variables,
      data: {} as Values,
      errors,
      call: (call: Parameters<CallSubgraph>[0]) => this.options.call(call, context),
    };
    prepared.take(run, event);
    await prepared.complete(run);
    const shaped = prepared.shape(run.data, variables, prepared.introspect(variables));
    errors.push(...unsaid(shaped, errors));
    return errors.length > 0 ? { data: shaped.data, errors } : { data: shaped.data };
  }
}

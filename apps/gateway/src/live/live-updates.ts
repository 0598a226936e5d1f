// One subscription: its owner pushes a field, and each event is completed with the fields of the other subgraphs
// through the same query plan that a query would have.
import { executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import type { GatewayExecutionResult, GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import type { FormattedExecutionResult } from 'graphql';
import { continueTrace, span, type Logger, type Viewer } from '@caregraph/runtime';
import { mapped } from './event-stream.js';
import { subscriptionName } from './subscription-trace.js';
import type { PlannedSubscription, SubscriptionPlans } from './subscription-plans.js';
import type { Upstream } from './upstream.js';

export interface LiveSubscription {
  readonly planned: PlannedSubscription;
  readonly variables: Record<string, unknown>;
  readonly viewer: Viewer;
  /** What each event's completion is a part of. */
  readonly traceparent?: string | undefined;
}

export interface LiveUpdatesOptions {
  readonly plans: SubscriptionPlans;
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly dataSources: ReadonlyMap<string, GraphQLDataSource>;
  readonly log: Logger;
}

export class LiveUpdates {
  constructor(private readonly options: LiveUpdatesOptions) {}

  async subscribe(
    subscription: LiveSubscription,
  ): Promise<AsyncIterableIterator<GatewayExecutionResult, undefined>> {
    const { primary } = subscription.planned;
    const upstream = this.options.upstreams.get(primary.serviceName);
    if (!upstream) throw new Error(`No upstream for ${primary.serviceName}.`);
    const variables = Object.fromEntries(
      (primary.variableUsages ?? []).flatMap((name) =>
        subscription.variables[name] === undefined ? [] : [[name, subscription.variables[name]]],
      ),
    );
    const request = { query: primary.operation, variables, operationName: primary.operationName };
    const events = await upstream.subscribe(request, subscription.viewer);
    const name = subscriptionName(subscription.planned);
    return mapped(events, (event) =>
      continueTrace(subscription.traceparent, () =>
        span(`live update ${name}`, {}, () => this.complete(subscription, event)),
      ),
    );
  }

  /** Runs the whole plan, with the event as the answer to its first fetch. */
  private async complete(
    { planned, variables, viewer }: LiveSubscription,
    event: FormattedExecutionResult,
  ): Promise<GatewayExecutionResult> {
    const { plans, dataSources, log } = this.options;
    const sources = Object.fromEntries(dataSources);
    const owner = planned.primary.serviceName;
    const context = {
      request: { variables },
      context: { viewer },
      metrics: {},
      logger: log,
    } as unknown as GatewayGraphQLRequestContext;
    const { data, errors } = await executeQueryPlan(
      planned.completion,
      { ...sources, [owner]: answering(planned.primary.operation, event, sources[owner]) },
      context,
      planned.operationContext,
      plans.supergraphSchema,
      plans.apiSchema,
    );
    return errors ? { data, errors } : { data };
  }
}

/** The first fetch of the plan gets the event; the rest may go back to the same subgraph. */
function answering(
  operation: string,
  event: FormattedExecutionResult,
  source: GraphQLDataSource | undefined,
): GraphQLDataSource {
  let told = false;
  return {
    process: (call) => {
      if (!told && call.request.query === operation) {
        told = true;
        return Promise.resolve({
          data: event.data ?? null,
          ...(event.errors ? { errors: event.errors } : {}),
        });
      }
      if (!source) throw new Error('No data source for the subgraph that owns the subscription.');
      return source.process(call);
    },
  };
}

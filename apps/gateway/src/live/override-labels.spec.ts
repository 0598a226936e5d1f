import { Registry } from 'prom-client';
import { systemViewer } from '@caregraph/runtime';
import { GraphExecutor } from '../graph/executor.js';
import { Graph } from '../graph/graph.js';
import { gatewayMetrics } from '../operation/metrics.js';
import { supergraphOf } from '../testing/composed-graph.js';
import { until } from '../testing/live-clients.js';
import { runGateway, type RunningGateway } from '../testing/running-gateway.js';
import { silentLog } from '../testing/silent-log.js';
import { masking } from '../operation/masking.js';
import { LiveUpdates } from './live-updates.js';
import { SubscriptionPlans } from './subscription-plans.js';
import { Upstream } from './upstream.js';

const query = 'subscription { appointmentChanged(id: "s1") { status note } }';
const viewer = { ...systemViewer, requestId: 'r' };
const snapshot = (note: string | null) => ({
  data: { appointmentChanged: { status: 'SNAPSHOT', note } },
});

const moving = supergraphOf({
  booking: {
    sdl: `type Appointment @key(fields: "id") { id: ID! status: String! note: String }
      type Query { appointment(id: ID!): Appointment } type Subscription { appointmentChanged(id: ID): Appointment! }`,
  },
  payments: {
    sdl: 'type Appointment @key(fields: "id") { id: ID! note: String @override(from: "booking", label: "move") }',
  },
});

describe('a subscription of a field that moves by a label', () => {
  let gateway: RunningGateway;
  let upstream: Upstream;
  const labels = new Set<string>();
  beforeAll(async () => {
    gateway = await runGateway();
    upstream = new Upstream({ ...gateway.booking, log: silentLog });
  });
  beforeEach(() => {
    labels.clear();
  });
  afterAll(async () => {
    await upstream.close();
    await gateway.close();
  });

  async function live() {
    const graph = await Graph.load(moving, silentLog);
    const call = ({ subgraph }: { subgraph: string }) =>
      Promise.resolve({ data: { _entities: [{ __typename: 'Appointment', note: `of ${subgraph}` }] } });
    const executor = new GraphExecutor(graph, call, { decideLabel: (label) => labels.has(label) });
    const plans = new SubscriptionPlans(executor);
    const updates = new LiveUpdates({
      upstreams: new Map([['booking', upstream]]),
      plans,
      call,
      metrics: gatewayMetrics(new Registry()),
      mask: masking(silentLog, true),
    });
    const subscribe = (): unknown[] => {
      const results: unknown[] = [];
      updates.subscribe({
        planned: plans.plan(query, null, viewer),
        variables: {},
        viewer,
        ids: { requestId: 'r' },
        traceparent: undefined,
        reader: {
          next: (result) => results.push(JSON.parse(result)),
          fail: (errors) => results.push(...errors),
          complete: () => results.push('complete'),
        },
      });
      return results;
    };
    return { updates, subscribe };
  }

  it('gets it from where queries get it', async () => {
    const { updates, subscribe } = await live();
    const before = subscribe();
    await until(() => before.length === 1);
    expect(before).toEqual([snapshot(null)]);
    updates.close();
    labels.add('move');
    const { updates: others, subscribe: begin } = await live();
    const after = begin();
    await until(() => after.length === 1);
    expect(after).toEqual([snapshot('of payments')]);
    others.close();
  });

  it('shares nothing with who gets it from elsewhere', async () => {
    const { updates, subscribe } = await live();
    const old = subscribe();
    labels.add('move');
    const young = subscribe();
    await until(() => old.length === 1 && young.length === 1);
    expect([old, young]).toEqual([[snapshot(null)], [snapshot('of payments')]]);
    updates.close();
  });

  it('follows the label while it runs, and says that it began anew', async () => {
    const { updates, subscribe } = await live();
    const results = subscribe();
    await until(() => results.length === 1);
    updates.replan();
    labels.add('move');
    updates.replan();
    await until(() => results.length === 2);
    expect(results[1]).toEqual({ ...snapshot('of payments'), extensions: { resync: true } });
    gateway.pubSub.publish('changed', { id: 's1', status: 'CONFIRMED' });
    await until(() => results.length === 3);
    expect(results[2]).toEqual({
      data: { appointmentChanged: { status: 'CONFIRMED', note: 'of payments' } },
    });
    updates.close();
    expect(results).toHaveLength(3);
  });

  it('is told at once when somebody switches the label', async () => {
    let told = 0;
    const stop = gateway.known.followLabels(() => (told += 1));
    gateway.rows.flagged = [{ flag: 'payment.disable_captures', value: true }];
    await gateway.known.refresh();
    expect(told).toBe(0);
    gateway.rows.flagged = [{ flag: 'override.move', value: true }];
    await gateway.known.refresh();
    await gateway.known.refresh();
    expect(told).toBe(1);
    stop();
  });
});

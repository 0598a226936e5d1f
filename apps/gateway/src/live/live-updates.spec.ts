import { Registry } from 'prom-client';
import { composeSupergraph } from '../compose.js';
import { GraphExecutor } from '../graph/executor.js';
import { Graph } from '../graph/graph.js';
import { gatewayMetrics } from '../operation/metrics.js';
import { until } from '../testing/live-clients.js';
import { runGateway, type RunningGateway } from '../testing/running-gateway.js';
import { silentLog } from '../testing/silent-log.js';
import { masking } from '../operation/masking.js';
import { LiveUpdates } from './live-updates.js';
import type { LiveSubscription } from './subscription.js';
import { SubscriptionPlans } from './subscription-plans.js';
import { Upstream } from './upstream.js';

const query = 'subscription { appointmentChanged(id: "s1") { status note } }';
const viewer = { account: 'a', memberships: [], scopes: [], amr: [], authTime: null, sid: null, ip: null, requestId: 'r', idempotencyKey: null, userAgent: null }; // prettier-ignore

describe('subscriptions when the supergraph is replaced', () => {
  let gateway: RunningGateway;
  let upstream: Upstream;
  beforeAll(async () => {
    gateway = await runGateway();
    upstream = new Upstream({ ...gateway.booking, log: silentLog });
  });
  afterAll(async () => {
    await upstream.close();
    await gateway.close();
  });

  const graphWith = (change: (sdl: string) => string): Promise<Graph> => {
    const { booking, payments } = gateway;
    return Graph.load(composeSupergraph([{ ...booking, sdl: change(booking.sdl) }, payments]), silentLog);
  };

  const guarded = (sdl: string): string =>
    sdl
      .replace('"@key"', '"@key", "@requiresScopes"')
      .replace(' note: String', ' note: String @requiresScopes(scopes: [["notes"]])');

  async function subscribed(
    change = (sdl: string): string => sdl,
    scopes: string[] = [],
  ): Promise<{
    executor: GraphExecutor;
    updates: LiveUpdates;
    live: LiveSubscription;
    results: unknown[];
    failures: unknown[];
  }> {
    const call = (): Promise<{ data: null }> => Promise.resolve({ data: null });
    const executor = new GraphExecutor(await graphWith(change), call);
    const plans = new SubscriptionPlans(executor);
    const updates = new LiveUpdates({
      upstreams: new Map([['booking', upstream]]),
      plans,
      call,
      metrics: gatewayMetrics(new Registry()),
      mask: masking(silentLog, true),
    });
    executor.onSchemaLoadOrUpdate(() => { updates.replan(); }); // prettier-ignore
    const results: unknown[] = [];
    const failures: unknown[] = [];
    const live = updates.subscribe({
      planned: plans.plan(query, null, { ...viewer, scopes }),
      variables: {},
      viewer: { ...viewer, scopes },
      ids: { requestId: 'r' },
      traceparent: undefined,
      reader: {
        next: (result) => results.push(JSON.parse(result)),
        fail: (errors) => failures.push(...errors),
        complete: () => failures.push('complete'),
      },
    });
    await until(() => results.length === 1);
    return { executor, updates, live, results, failures };
  }

  it('go on untouched where their owner is asked the same', async () => {
    const { executor, updates, results } = await subscribed();
    executor.replace(await graphWith((sdl) => sdl.replace('whoAmI: String!', 'whoAmI: String! new: String')));
    gateway.pubSub.publish('changed', { id: 's1', status: 'CONFIRMED' });
    await until(() => results.length === 2);
    expect(results[1]).toEqual({ data: { appointmentChanged: { status: 'CONFIRMED', note: null } } });
    updates.close();
  });

  it('begin anew where their owner is asked something else, and say so', async () => {
    const { executor, updates, results, failures } = await subscribed();
    const { booking, payments } = gateway;
    const moved = [
      { ...booking, sdl: booking.sdl.replace(' note: String', '') },
      { ...payments, sdl: payments.sdl.replace('payment: Payment }', 'payment: Payment note: String }') },
    ];
    executor.replace(await Graph.load(composeSupergraph(moved), silentLog));
    await until(() => results.length === 2);
    expect(results[1]).toMatchObject({
      data: { appointmentChanged: { status: 'SNAPSHOT' } },
      extensions: { resync: true },
    });
    expect(failures).toEqual([]);
    updates.close();
  });

  it('end with the reason where they are no longer valid', async () => {
    const { executor, failures } = await subscribed();
    executor.replace(await graphWith((sdl) => sdl.replace(' note: String', '')));
    expect(failures).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(/note/) as string,
        extensions: { code: 'BAD_USER_INPUT', requestId: 'r' },
      }),
    ]);
    await until(() => gateway.live() === 0);
  });

  it('end where it now asks for more than their callers have', async () => {
    const { executor, failures } = await subscribed();
    executor.replace(await graphWith(guarded));
    expect(failures).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'FORBIDDEN' }) as object }),
    ]);
    await until(() => gateway.live() === 0);
  });

  it('go on with a fresh token that has the rights, and end with one that has lost them', async () => {
    const { updates, live, failures } = await subscribed(guarded, ['notes']);
    updates.renew(live, { ...viewer, scopes: ['notes', 'more'] });
    expect(failures).toEqual([]);
    updates.renew(live, viewer);
    expect(failures).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'FORBIDDEN' }) as object }),
    ]);
    await until(() => gateway.live() === 0);
  });
});

import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { recordTraces } from '@caregraph/runtime';
import { eventually } from '@caregraph/testing';
import { runGateway, type RunningGateway } from './testing/running-gateway.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
const joined = 'query Joined { appointment(id: "a1") { status payment { status } } }';

describe('the trace of a request', () => {
  const traces = recordTraces();
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await runGateway();
  });
  beforeEach(() => {
    traces.clear();
    gateway.booking.calls.length = 0;
    gateway.payments.calls.length = 0;
  });
  afterAll(async () => {
    await gateway.close();
    await traces.stop();
  });
  const named = (name: string) =>
    eventually(name, () => Promise.resolve(traces.spans().find((one) => one.name === name)));

  it('goes on with the caller’s and reaches each subgraph, which goes on with its own call', async () => {
    await gateway.query(joined, { traceparent });
    const request = await named('query Joined');
    expect(request).toMatchObject({
      traceId,
      parentSpanId: 'b7ad6b7169203331',
      attributes: { 'graphql.operation.name': 'Joined', 'http.response.status_code': 200 },
    });
    for (const { name, calls } of [gateway.booking, gateway.payments]) {
      const call = await named(`subgraph ${name}`);
      expect(call.traceId).toBe(traceId);
      expect(calls[0]?.headers.traceparent).toBe(`00-${traceId}-${call.spanId}-01`);
    }
    // The first time an operation is seen, it is planned.
    expect(traces.spans().map(({ name }) => name)).toContain('plan');
  });

  it('never tells what was asked, but for the operation’s name', async () => {
    const query = 'query Asked { appointment(id: "canary@example.org") { status } }';
    await gateway.query(query, { authorization: `Bearer ${await gateway.issuer.token({ name: 'canary' })}` });
    await named('query Asked');
    expect(JSON.stringify(traces.spans())).not.toContain('canary');
  });

  it('is what the request’s id leads to: it is its id', async () => {
    const { headers, body } = await gateway.query('{ fails }');
    const requestId = headers.get('x-request-id');
    expect(requestId).toMatch(/^[0-9a-f]{32}$/);
    expect(body.errors?.[0]?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', requestId });
    expect(await named('query anonymous')).toMatchObject({
      traceId: requestId,
      attributes: { 'error.type': 'INTERNAL_SERVER_ERROR' },
    });
    expect(gateway.booking.calls[0]?.viewer.requestId).toBe(requestId);
  });

  it.each([
    ['within GraphQL', { query: '{ fails }' }],
    ['before GraphQL', { authorization: 'Bearer nonsense' }],
    ['in the body', { body: '{' }],
  ])('stands beside the id that the caller chose, in each error: %s', async (_where, sent) => {
    const {
      query,
      body = JSON.stringify({ query: query ?? '{ whoAmI }' }),
      ...over
    } = sent as Record<string, string>;
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'mine', traceparent, ...over },
      body,
    });
    const { errors } = (await response.json()) as { errors: { extensions: object }[] };
    expect(errors[0]?.extensions).toMatchObject({ requestId: 'mine', traceId });
    expect(response.headers.get('x-request-id')).toBe('mine');
  });

  it('of a subscription covers its beginning and each event, and reaches the subgraph', async () => {
    const client = createClient({ url: gateway.socketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
    const query = 'subscription Changes { appointmentChanged(id: "a1") { status payment { status } } }';
    const events = client.iterate({ query, extensions: { traceparent } });
    const first = events.next();
    await eventually('it is subscribed', () => Promise.resolve(gateway.live() === 1 ? true : undefined));
    gateway.pubSub.publish('changed', { id: 'a1', status: 'CONFIRMED' });
    await first;
    const begun = await named('subscription Changes');
    expect(begun).toMatchObject({ traceId, parentSpanId: 'b7ad6b7169203331' });
    const there = traces.spans().find(({ name }) => name.startsWith('subscribe Changes'));
    expect(there).toMatchObject({ traceId, parentSpanId: begun.spanId });
    expect(await named('live update Changes')).toMatchObject({ traceId, parentSpanId: begun.spanId });
    expect(gateway.payments.calls[0]?.headers.traceparent).toContain(traceId);
    await events.return?.();
    await client.dispose();
  });

  it('is another one for each subscription of a socket, and so is the request’s id', async () => {
    const client = createClient({ url: gateway.socketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
    const refused = async (): Promise<string> => {
      const result = await client
        .iterate({ query: 'subscription { nothing }' })
        .next()
        .catch((error: unknown) => error);
      return (result as { extensions: { requestId: string } }[])[0]?.extensions.requestId ?? '';
    };
    const ids = [await refused(), await refused()];
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(ids[0]).not.toBe(ids[1]);
    expect(
      traces
        .spans()
        .filter(({ name }) => name === 'subscription')
        .map((one) => one.traceId),
    ).toEqual(ids);
    await client.dispose();
  });
});

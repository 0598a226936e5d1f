import { createClient } from 'graphql-ws/client';
import { WebSocket } from 'ws';
import { changes, LiveClients, until, type Listening } from '../testing/live-clients.js';
import { runGateway, type RunningGateway } from '../testing/running-gateway.js';

describe('live updates', () => {
  let gateway: RunningGateway;
  const clients = new LiveClients();

  beforeAll(async () => {
    gateway = await runGateway();
  });
  afterEach(async () => {
    await clients.dispose();
    await until(() => gateway.live() === 0);
  });
  afterAll(() => gateway.close());

  const listen = (
    connectionParams: Record<string, unknown> = {},
    query = changes,
    at = gateway,
    variables: Record<string, unknown> = { id: 'a1' },
  ): Listening => clients.listen(at, { connectionParams, query, variables });

  it('each event carries fields of all subgraphs, in order', async () => {
    const { events } = listen();
    await until(() => gateway.live() === 1);
    for (const status of ['PENDING', 'CONFIRMED', 'CANCELLED'])
      gateway.pubSub.publish('changed', { id: 'a1', status });
    await until(() => events.length === 3);
    expect(events).toEqual(
      ['PENDING', 'CONFIRMED', 'CANCELLED'].map((status) => ({
        data: { appointmentChanged: { status, note: null, payment: { status: 'HELD', amountMinor: 4_200 } } },
      })),
    );
  });

  it.each([
    ['@include(if: $on)', 'appointmentChanged(id: $id) @include(if: $on) { status }'],
    ['@skip(if: true)', '... on Subscription @skip(if: true) { appointmentChanged(id: $id) { status } }'],
  ])('a condition on what is subscribed to is refused: %s', async (_what, selection) => {
    const query = `subscription Changes($id: ID, $on: Boolean = true) { ${selection} }`;
    expect(await listen({}, query).ended).toMatchObject([
      {
        message: expect.stringContaining('The root field') as string,
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  it('subgraphs are told who listens, afresh for each event', async () => {
    gateway.payments.calls.length = 0;
    const { events } = listen({ Authorization: `Bearer ${await gateway.issuer.token({ sub: 'listener' })}` });
    await until(() => gateway.live() === 1);
    gateway.pubSub.publish('changed', { id: 'a1', status: 'CONFIRMED' });
    await until(() => events.length === 1);
    expect(gateway.payments.calls.map(({ viewer }) => viewer.account)).toEqual(['listener']);
  });

  it('a socket with a bad token is closed with 4403', async () => {
    expect(await listen({ authorization: 'Bearer nonsense' }).ended).toBe(4403);
    expect(await listen({ authorization: `Bearer ${await gateway.issuer.token({ aud: 'x' })}` }).ended).toBe(
      4403,
    );
  });

  it('a socket is closed with 4403 when its token expires, and its subscription upstream ends', async () => {
    const exp = Math.floor(Date.now() / 1000) + 2;
    const { ended } = listen({ authorization: `Bearer ${await gateway.issuer.token({ exp })}` });
    await until(() => gateway.live() === 1);
    expect(await ended).toBe(4403);
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000);
    await until(() => gateway.live() === 0);
  });

  it('a quiet subscription ends upstream when its client leaves', async () => {
    const { stop } = listen();
    await until(() => gateway.live() === 1);
    stop();
    await until(() => gateway.live() === 0);
  });

  it('one subscription that ends leaves the others of the same upstream alone', async () => {
    const first = listen();
    const second = listen();
    // Without an account each session is somebody of its own.
    await until(() => gateway.live() === 2);
    first.stop();
    await until(() => gateway.live() === 1);
    gateway.pubSub.publish('changed', { id: 'a1', status: 'CONFIRMED' });
    await until(() => second.events.length === 1);
    expect(first.events).toEqual([]);
  });

  it.each([
    ['a document without an operation', 'fragment F on Query { whoAmI }', /never used/],
    ['a misspelt field', 'subscription { appointmentChanged { statu } }', /statu/],
    ['no GraphQL', 'subscription {', /Syntax/],
    ['a text with U+0000', 'subscription { appointmentChanged(id: "\\u0000") { id } }', /cannot be stored/],
    [
      'two fields at once',
      'subscription { appointmentChanged { id } again: appointmentChanged { id } }',
      /only one/,
    ],
    ['a variable of the wrong type', changes, /\$id/],
  ])('%s is refused with a reason, and the socket stays', async (_kind, query, reason) => {
    const { client, ended } = listen({}, query, gateway, { id: { not: 'an id' } });
    expect(await ended).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(reason) as string,
        extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) as string },
      }),
    ]);
    await client.dispose();
  });

  it('a query with a text that cannot be stored is answered with the reason', async () => {
    const { events, ended } = listen({}, '{ appointment(id: "\\u0000") { id } }', gateway, {});
    const message = expect.stringContaining('cannot be stored') as string;
    expect(await ended).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(events).toEqual([]);
  });

  it('a page of another origin may not open a socket', async () => {
    const socket = new WebSocket(gateway.socketUrl, 'graphql-transport-ws', {
      origin: 'https://evil.example',
    });
    const status = await new Promise((resolve) => {
      socket.on('unexpected-response', (_request, response) => {
        resolve(response.statusCode);
      });
    });
    expect(status).toBe(401);
  });

  it('a caller without a token is given a session in the acknowledgement', async () => {
    const client = createClient({
      url: gateway.socketUrl,
      webSocketImpl: WebSocket,
      lazy: false,
      retryAttempts: 0,
    });
    const payload = await new Promise((resolve) => {
      client.on('connected', (_socket, given) => {
        resolve(given);
      });
    });
    expect(payload).toEqual({ 'x-caregraph-session': expect.stringMatching(/^[\w-]{22}\.s1\./) as string });
    await client.dispose();
  });

  it('a payment that cannot be had is null with an error, and the event arrives', async () => {
    const own = await runGateway();
    const { events } = listen({}, changes, own);
    await until(() => own.live() === 1);
    await own.payments.kill();
    own.pubSub.publish('changed', { id: 'a1', status: 'CONFIRMED' });
    await until(() => events.length === 1);
    expect(events[0]).toMatchObject({
      data: { appointmentChanged: { status: 'CONFIRMED', payment: null } },
      errors: [{ path: ['appointmentChanged'], extensions: { code: 'UNAVAILABLE' } }],
    });
    await own.close();
  });

  it('while the owning subgraph is down each new subscription ends with UNAVAILABLE', async () => {
    const own = await runGateway();
    await own.booking.kill();
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await listen({}, changes, own).ended).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
    }
    await own.close();
  });

  it('a gateway that stops closes its sockets with 1001', async () => {
    const own = await runGateway();
    const { ended } = listen({}, changes, own);
    await until(() => own.live() === 1);
    await own.stop();
    expect(await ended).toBe(1001);
    await own.close();
  });
});

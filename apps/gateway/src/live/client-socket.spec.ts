import { WebSocket } from 'ws';
import { LiveClients, until } from '../testing/live-clients.js';
import { runGateway, type RunningGateway } from '../testing/running-gateway.js';

describe('a client’s socket', () => {
  let gateway: RunningGateway;
  const clients = new LiveClients();
  beforeAll(async () => {
    gateway = await runGateway({}, { perCaller: 3, perSocket: 2, waitingBytes: 64 * 1024 });
  });
  afterEach(async () => {
    await clients.dispose();
    await until(() => gateway.live() === 0);
  });
  afterAll(() => gateway.close());

  const bearer = async (claims: Record<string, unknown> = {}): Promise<Record<string, unknown>> => ({
    authorization: `Bearer ${await gateway.issuer.token(claims)}`,
  });

  /** Speaks the protocol by hand, and tells the close code. */
  function raw(...messages: unknown[]): { socket: WebSocket; heard: Record<string, unknown>[]; closed: Promise<number> } {
    const socket = new WebSocket(gateway.socketUrl, 'graphql-transport-ws');
    const heard: Record<string, unknown>[] = [];
    socket.on('open', () => {
      for (const message of messages)
        socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    });
    socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as never));
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    return { socket, heard, closed };
  } // prettier-ignore

  const init = { type: 'connection_init' };
  const subscribe = (id: string): unknown => ({ id, type: 'subscribe', payload: { query: 'subscription { appointmentChanged { id } }' } }); // prettier-ignore

  it.each([
    ['that says nothing that can be read is closed with 4400', ['nonsense'], 4400],
    ['that says what only we say is closed with 4400', [{ type: 'connection_ack' }], 4400],
    ['that subscribes before it said who it is is closed with 4401', [subscribe('1')], 4401],
    ['that says nothing at all is closed with 4408', [], 4408],
    ['that says twice who it is is closed with 4429', [init, init], 4429],
  ])('%s', async (_what, messages, code) => {
    expect(await raw(...messages).closed).toBe(code);
  });

  it('that uses an id twice is closed with 4409', async () => {
    const { socket, heard, closed } = raw(init);
    await until(() => heard.length === 1);
    for (const id of ['1', '1']) socket.send(JSON.stringify(subscribe(id)));
    expect(await closed).toBe(4409);
  });

  it('that does so with an id that is longer than a farewell may be ends alone', async () => {
    for (const id of ['😀'.repeat(100), 'x'.repeat(500), 'é'.repeat(120)]) {
      const { socket, heard, closed } = raw(init);
      await until(() => heard.length === 1);
      for (const each of [id, id]) socket.send(JSON.stringify(subscribe(each)));
      expect(await closed).toBe(4409);
    }
    expect((await gateway.query('{ whoAmI }')).status).toBe(200);
  });

  it('that speaks another protocol is closed with 4406', async () => {
    const socket = new WebSocket(gateway.socketUrl, []);
    expect(await new Promise((resolve) => socket.on('close', resolve))).toBe(4406);
  });

  it('carries queries and mutations by the rules of HTTP', async () => {
    const connectionParams = await bearer({ sub: 'asker' });
    const asked = clients.listen(gateway, { connectionParams, query: '{ whoAmI }', variables: {} });
    expect(await asked.ended).toBe('complete');
    expect(asked.events).toEqual([{ data: { whoAmI: 'asker' } }]);
    const mutation = 'mutation { cancelAppointment(id: "a1") { status payment { status } } }';
    const changed = clients.listen(gateway, { connectionParams, query: mutation, variables: {} });
    await changed.ended;
    expect(changed.events).toMatchObject([{ data: { cancelAppointment: { status: 'CONFIRMED', payment: { status: 'HELD' } } } }]); // prettier-ignore
    const deep = `{ ${'a: whoAmI '.repeat(1)}${Array.from({ length: 31 }, (_, index) => `a${index}: whoAmI`).join(' ')} }`;
    const refused = clients.listen(gateway, { connectionParams, query: deep, variables: {} });
    expect(await refused.ended).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(refused.events).toEqual([]);
  });

  it('may leave the text out where an id stands in its place', async () => {
    const { socket, heard } = raw(init);
    await until(() => heard.length === 1);
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { documentId: 'unknown' } }));
    await until(() => heard.length === 2);
    expect(heard[1]).toMatchObject({ id: '1', type: 'error', payload: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] }); // prettier-ignore
    socket.terminate();
  });

  it('has at most so many operations, and its caller so many subscriptions on all sockets', async () => {
    const { socket, heard } = raw({ ...init, payload: await bearer({ sub: 'greedy' }) });
    await until(() => heard.length === 1);
    for (const id of ['1', '2', '3']) socket.send(JSON.stringify(subscribe(id)));
    await until(() => heard.length === 2);
    expect(heard[1]).toMatchObject({ id: '3', type: 'error', payload: [{ extensions: { code: 'TOO_MANY_REQUESTS' } }] }); // prettier-ignore
    const connectionParams = await bearer({ sub: 'greedy' });
    const third = clients.listen(gateway, { connectionParams });
    await clients.answered(third);
    const fourth = clients.listen(gateway, { connectionParams });
    expect(await fourth.ended).toMatchObject([{ extensions: { code: 'TOO_MANY_REQUESTS' } }]);
    socket.terminate();
    await until(() => gateway.live() === 1);
    const again = clients.listen(gateway, { connectionParams, variables: { id: 's1' } });
    await until(() => again.events.length === 1);
  });

  it('that does not read is cut with 4510, and others go on', async () => {
    const reading = clients.listen(gateway, { connectionParams: await bearer({ sub: 'reads' }) });
    const { socket, heard } = raw({ ...init, payload: await bearer({ sub: 'sleeps' }) });
    await until(() => heard.length === 1);
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'subscription { appointmentChanged { status } }' } })); // prettier-ignore
    await until(() => gateway.live() === 2);
    socket.pause();
    const status = 'x'.repeat(900_000);
    let published = 0;
    await until(() => {
      gateway.pubSub.publish('changed', { id: 'a1', status });
      published += 1;
      return gateway.live() === 1;
    });
    await until(() => reading.events.length === published);
    socket.terminate();
  }, 20_000);

  it('lives longer with a fresh token of the same account, sent by a ping', async () => {
    const seconds = Math.floor(Date.now() / 1000);
    const { socket, heard, closed } = raw({ ...init, payload: await bearer({ exp: seconds + 2 }) });
    await until(() => heard.length === 1);
    socket.send(JSON.stringify({ type: 'ping', payload: await bearer({ exp: seconds + 4 }) }));
    await until(() => heard.length === 2);
    expect(heard[1]).toEqual({ type: 'pong', payload: { expiresAt: new Date((seconds + 4) * 1000).toISOString() } }); // prettier-ignore
    expect(await closed).toBe(4403);
    expect(Date.now()).toBeGreaterThanOrEqual((seconds + 4) * 1000);
  });

  it('with a fresh token goes on as who the caller now is', async () => {
    const { socket, heard } = raw({ ...init, payload: await bearer() });
    await until(() => heard.length === 1);
    const query = 'subscription { appointmentChanged(id: "s1") { status } }';
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    await until(() => heard.length === 2);
    socket.send(JSON.stringify({ type: 'ping', payload: await bearer({ scope: 'read' }) }));
    await until(() => heard.length === 4);
    expect(heard.slice(2)).toContainEqual({
      id: '1',
      type: 'next',
      payload: { data: { appointmentChanged: { status: 'SNAPSHOT' } }, extensions: { resync: true } },
    });
    socket.close();
  });

  it.each([
    ['another account', { sub: 'somebody else' }],
    ['a bad token', { aud: 'another API' }],
  ])('is closed with 4403 when a ping brings %s', async (_what, claims) => {
    const { socket, heard, closed } = raw({ ...init, payload: await bearer() });
    await until(() => heard.length === 1);
    socket.send(JSON.stringify({ type: 'ping', payload: await bearer(claims) }));
    expect(await closed).toBe(4403);
  });
});

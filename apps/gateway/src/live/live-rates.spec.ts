// Sockets and streams are held to what HTTP is held to: the same rates, the same cost, the same load.
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { LiveClients, until } from '../testing/live-clients.js';
import { runGateway, type Answer, type RunningGateway } from '../testing/running-gateway.js';

const proxied = { TRUSTED_PROXIES: '127.0.0.1' };
/** Costs 1, and asks for one field. */
const query = 'query Asked { appointment(id: "a1") { id } }';

describe('sockets and streams of a gateway with limits', () => {
  let gateway: RunningGateway;
  const clients = new LiveClients();
  afterEach(async () => {
    await clients.dispose();
    await gateway.close();
  });
  const run = async (environment: Record<string, string>): Promise<void> => {
    gateway = await runGateway({ ...proxied, ...environment });
  };
  const params = async (claims: object): Promise<{ authorization: string }> => ({
    authorization: `Bearer ${await gateway.issuer.token({ ...claims })}`,
  });
  const stream = (body: object, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${gateway.url}/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  /** The code of the first error of a stream that ends. */
  const streamed = async (body: object, headers: Record<string, string>): Promise<unknown> => {
    const text = await (await stream(body, headers)).text();
    return (JSON.parse(/data: (\{.*)/.exec(text)?.[1] ?? '{}') as Answer).errors?.[0]?.extensions.code;
  };
  /** The status and the Retry-After that an opened socket is answered with. */
  const opened = (address: string): Promise<readonly [number, string | undefined]> =>
    new Promise((resolve) => {
      const headers = { 'x-forwarded-for': address };
      const socket = new WebSocket(gateway.socketUrl, 'graphql-transport-ws', { headers });
      socket.on('error', () => undefined);
      socket.on('open', () => {
        resolve([101, undefined]);
        socket.terminate();
      });
      socket.on('unexpected-response', (_request, response) => {
        resolve([response.statusCode ?? 0, response.headers['retry-after']]);
        response.destroy();
      });
    });

  it('count a subscription once, with its cost, in the rate of its caller; one that lives goes on (GW-038)', async () => {
    await run({ RATE_LIMIT_CALLER: '5' });
    const connectionParams = await params({ sub: 'pat' });
    const listening = [1, 2].map(() => clients.listen(gateway, { connectionParams }));
    await until(() => gateway.live() > 0);
    await clients.answered(listening[0] as never);
    const over = clients.listen(gateway, { connectionParams });
    expect(await over.ended).toMatchObject([
      { extensions: { code: 'TOO_MANY_REQUESTS', retryAfterSeconds: expect.any(Number) as number } },
    ]);
    expect((await gateway.query('{ whoAmI }', connectionParams)).status).toBe(429);
    expect(await streamed({ query }, connectionParams)).toBe('TOO_MANY_REQUESTS');
    gateway.pubSub.publish('changed', { id: 'a1', status: 'CONFIRMED' });
    await until(() => listening.every(({ events }) => events.length === 1));
    const sam = clients.listen(gateway, { connectionParams: await params({ sub: 'sam' }), variables: { id: 's1' } }); // prettier-ignore
    await until(() => sam.events.length === 1);
  });

  it('count queries over a socket as those over HTTP, without an account by session (GW-003)', async () => {
    await run({ RATE_LIMIT_CALLER: '3' });
    const { headers } = await gateway.query('{ whoAmI }');
    const session = { 'x-caregraph-session': headers.get('x-caregraph-session') ?? '' };
    const codes: unknown[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const asked = clients.listen(gateway, { connectionParams: session, query, variables: {} });
      const [refusal] = [await asked.ended].flat() as (NonNullable<Answer['errors']>[number] | string)[];
      codes.push(typeof refusal === 'object' ? refusal.extensions.code : refusal);
    }
    expect(codes).toEqual(['complete', 'complete', 'complete', 'TOO_MANY_REQUESTS']);
    expect((await gateway.query(query, session)).status).toBe(429);
    expect((await gateway.query(query)).status).toBe(200);
  });

  it('let a caller ask for as much as his kind may: anonymous, logged in, staff, partner (GW-038)', async () => {
    await run({
      OPERATION_COST_LIMIT: '2',
      OPERATION_COST_LIMIT_ANONYMOUS: '1',
      OPERATION_COST_LIMIT_STAFF: '3',
      OPERATION_COST_LIMIT_PARTNER: '4',
    });
    for (const role of ['staff', 'partner'] as const)
      gateway.rows.members.set(role, [{ practiceId: 'p1', role }]);
    const callers = [undefined, { sub: 'pat' }, { sub: 'staff' }, { sub: 'partner' }];
    const most: number[][] = [];
    for (const claims of callers) {
      const headers = claims === undefined ? {} : await params(claims);
      const may: number[] = [];
      for (const cost of [1, 2, 3, 4, 5]) {
        const fields = Array.from({ length: cost }, (_, at) => `a${at}: appointment(id: "1") { id }`).join(' '); // prettier-ignore
        if ((await gateway.query(`{ ${fields} }`, headers)).status === 200) may.push(cost);
      }
      most.push(may);
    }
    expect(most).toEqual([[1], [1, 2], [1, 2, 3], [1, 2, 3, 4]]);
    // This subscription may cost 2.
    const anonymous = clients.listen(gateway, { variables: { id: 's1' } });
    expect(await anonymous.ended).toMatchObject([
      { message: 'The operation may cost 2, and 1 is the most.', extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    const pat = clients.listen(gateway, { connectionParams: await params({ sub: 'pat' }), variables: { id: 's1' } }); // prettier-ignore
    await until(() => pat.events.length === 1);
  });

  it('are opened only so often from one address, and from others still (GW-038)', async () => {
    await run({ RATE_LIMIT_CONNECTIONS: '3' });
    for (let turn = 0; turn < 3; turn += 1) expect((await opened('192.0.2.1'))[0]).toBe(101);
    const [status, retryAfter] = await opened('192.0.2.1');
    expect(status).toBe(429);
    expect(Number(retryAfter)).toBeGreaterThan(0);
    const streams = await stream({ query }, { 'x-forwarded-for': '192.0.2.1' });
    expect([streams.status, Number(streams.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect((await opened('192.0.2.2'))[0]).toBe(101);
  });

  it('are turned away while there is too much to do, and those that live go on', async () => {
    await run({ LOAD_MOST_UNDER_WAY: '1', LOAD_MOST_WAITING: '0' });
    const listening = clients.listen(gateway);
    await until(() => gateway.live() === 1);
    const slow = slowRequest(gateway.url);
    let answered: readonly [number, string | undefined] = [101, undefined];
    await until(() => {
      void opened('192.0.2.1').then((answer) => (answered = answer));
      return answered[0] !== 101;
    });
    expect(answered).toEqual([503, '1']);
    expect((await stream({ query })).status).toBe(503);
    const refused: unknown[] = [];
    const { client } = listening;
    for (const text of [query, 'subscription { appointmentChanged { id } }'])
      await client.iterate({ query: text }).next().catch((reason: unknown) => refused.push(reason)); // prettier-ignore
    const unavailable = [{ extensions: { code: 'UNAVAILABLE', retryAfterSeconds: 1 } }];
    expect(refused).toMatchObject([unavailable, unavailable]);
    gateway.pubSub.publish('changed', { id: 'a1', status: 'CONFIRMED' });
    await until(() => listening.events.length === 1);
    slow.destroy();
    await until(() => {
      void opened('192.0.2.1').then((answer) => (answered = answer));
      return answered[0] === 101;
    });
  });
});

/** A request whose body never comes. */
function slowRequest(url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(
    'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n',
  );
  return socket;
}

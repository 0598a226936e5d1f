import { createClient, type Client } from 'graphql-sse';
import { Agent, request } from 'undici';
import { changes, until } from '../testing/live-clients.js';
import { runGateway, type RunningGateway } from '../testing/running-gateway.js';

describe('live updates as server-sent events', () => {
  let gateway: RunningGateway;
  let client: Client;
  beforeAll(async () => {
    gateway = await runGateway({ MINIMUM_CLIENT_VERSIONS: 'web=2.0.0' });
    const authorization = `Bearer ${await gateway.issuer.token({ sub: 'streams' })}`;
    client = createClient({ url: `${gateway.url}/stream`, headers: { authorization }, retryAttempts: 0 });
  });
  afterAll(() => gateway.close());

  const open = (query: string, authorization?: string): Promise<Response> =>
    fetch(`${gateway.url}/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
      body: JSON.stringify({ query }),
    }); // prettier-ignore

  it('each event carries fields of all subgraphs, and the subscription ends upstream when its client leaves', async () => {
    const events = client.iterate({ query: changes, variables: { id: 's1' } });
    const state = await events.next();
    expect(state.value).toMatchObject({ data: { appointmentChanged: { status: 'SNAPSHOT', payment: { status: 'HELD' } } } }); // prettier-ignore
    const next = events.next();
    gateway.pubSub.publish('changed', { id: 's1', status: 'CONFIRMED' });
    expect((await next).value).toMatchObject({ data: { appointmentChanged: { status: 'CONFIRMED' } } });
    expect(gateway.live()).toBe(1);
    await events.return?.();
    await until(() => gateway.live() === 0);
  });

  it('queries and faults are answered, and the stream is complete', async () => {
    const answers: unknown[] = [];
    for await (const answer of client.iterate({ query: '{ whoAmI }' })) answers.push(answer);
    expect(answers).toEqual([{ data: { whoAmI: 'streams' } }]);
    const odd = '(id: "\\u0000") { id }';
    for (const faulty of ['{ nothing }', `{ appointmentChanged${odd} }`]) {
      const text = await (await open(`subscription ${faulty}`)).text();
      expect(text).toMatch(
        /event: next\ndata: {"errors":\[.*BAD_USER_INPUT.*\n\nevent: complete\ndata:\n\n$/s,
      );
    }
    expect(await (await open(`{ appointment${odd} }`)).text()).toContain('cannot be stored');
  });

  it('a bad token is 401, and an operation without text 400', async () => {
    expect((await open('{ whoAmI }', 'Bearer nonsense')).status).toBe(401);
    expect((await open(1 as never)).status).toBe(400);
  });

  it('a client that is too old is 426, and a zone that is none 400', async () => {
    const status = async (headers: Record<string, string>): Promise<number> => {
      const body = JSON.stringify({ query: '{ whoAmI }' });
      const sent = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } };
      return (await fetch(`${gateway.url}/stream`, sent)).status;
    };
    expect(await status({ 'x-client-name': 'web', 'x-client-version': '1.9.9' })).toBe(426);
    expect(await status({ 'x-timezone': 'Mars/Olympus' })).toBe(400);
    expect(
      await status({ 'x-client-name': 'web', 'x-client-version': '2.0.0', 'x-timezone': 'Asia/Tokyo' }),
    ).toBe(200);
  });

  it('a stream is cut without `complete` when its token expires, and ends upstream', async () => {
    const exp = Math.floor(Date.now() / 1000) + 2;
    const token = await gateway.issuer.token({ exp });
    const answer = await open('subscription { appointmentChanged { status } }', `Bearer ${token}`);
    await until(() => gateway.live() === 1);
    await expect(answer.text()).rejects.toThrow();
    await until(() => gateway.live() === 0);
  });
});

describe('a gateway that stops', () => {
  it('ends streams without `complete`, serves kept connections on, and begins no stream on them', async () => {
    const gateway = await runGateway({ DRAIN_MS: '15000' });
    const authorization = `Bearer ${await gateway.issuer.token({ sub: 'streams' })}`;
    const kept = new Agent({ connections: 2 });
    const post = async (path: string, query: string) => {
      const { statusCode, headers, body } = await request(gateway.url + path, {
        dispatcher: kept,
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query }),
      });
      return { status: statusCode, connection: headers.connection, body };
    };
    const asked = await Promise.all([1, 2].map(() => post('', '{ whoAmI }')));
    for (const { body } of asked) await body.dump();
    const stream = await fetch(`${gateway.url}/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query: 'subscription { appointmentChanged { status } }' }),
    });
    // It has a connection of its own, so that its client comes back to another process.
    expect(stream.headers.get('connection')).toBe('close');
    await until(() => gateway.live() === 1);

    const stopped = gateway.stop();
    expect(await stream.text()).not.toContain('complete');
    const answers = [await post('', '{ whoAmI }'), await post('/stream', '{ whoAmI }')];
    expect(answers.map(({ status, connection }) => ({ status, connection }))).toEqual([
      { status: 200, connection: 'close' },
      { status: 503, connection: 'close' },
    ]);
    for (const { body } of answers) await body.dump();
    // All have left, so it does not wait for the rest of its time.
    await stopped;
    await kept.close();
    await gateway.close();
  });
});

// Checks 4 and 5: a page of somebody else's cannot have its visitor's browser ask the gateway for anything.
import { startProductionGateway, type ProductionGateway } from '../support/production.js';
import { ask, askGraph, type Answered } from '../support/raw-http.js';
import { LiveSocket } from '../support/live-socket.js';
import { subgraphCalls } from '../support/gateway-metrics.js';

const portal = 'https://portal.caregraph.example';
const query = '{ paymentConfig { publishableKey } }';
const mutation = 'mutation { holdSlot(input: { offer: "x" }) { __typename } }';
const strangers = [
  'https://evil.example',
  'null',
  'https://portal.caregraph.example.evil.example',
  'https://evilportal.caregraph.example',
  'https://sub.portal.caregraph.example',
  'http://portal.caregraph.example',
  'https://portal.caregraph.example:8443',
  'https://PORTAL.caregraph.example.',
  'https://portal_caregraph.example',
  'file://',
];

describe('a page of somebody else', () => {
  let gateway: ProductionGateway;
  beforeAll(async () => {
    gateway = await startProductionGateway({ PUBLIC_ORIGINS: portal });
  });
  afterAll(() => gateway.stop());

  const form = (type: string | undefined, body: string, headers: object = {}): Promise<Answered> =>
    ask(gateway.url, {
      headers: { ...(type === undefined ? {} : { 'content-type': type }), ...headers },
      body,
    });
  const nothingDone = async (act: () => Promise<Answered>): Promise<Answered> => {
    const before = await subgraphCalls(gateway);
    const answer = await act();
    expect(await subgraphCalls(gateway)).toBe(before);
    expect(answer.json?.data ?? null).toBeNull();
    return answer;
  };

  it.each([
    ['application/x-www-form-urlencoded', `query=${encodeURIComponent(mutation)}`],
    ['application/x-www-form-urlencoded;charset=UTF-8', `query=${encodeURIComponent(query)}`],
    ['text/plain', JSON.stringify({ query: mutation })],
    ['text/plain; charset=application/json', JSON.stringify({ query: mutation })],
    ['text/plain;application/json', JSON.stringify({ query: mutation })],
    [
      'multipart/form-data; boundary=x',
      `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${JSON.stringify({ query: mutation })}\r\n--x--\r\n`,
    ],
    [undefined, JSON.stringify({ query: mutation })],
    ['', JSON.stringify({ query: mutation })],
    ['application/graphql', mutation],
    ['text/html', JSON.stringify({ query })],
  ])('is refused by POST with the content type %s, without a preflight', async (type, body) => {
    for (const path of ['/graphql', '/graphql/stream']) {
      const answer = await nothingDone(() =>
        ask(gateway.url, { path, headers: type === undefined ? {} : { 'content-type': type }, body }),
      );
      expect([400, 415]).toContain(answer.status);
    }
  });

  it('is refused by POST of a form also where it says that it is JSON in another place', async () => {
    const answer = await nothingDone(() =>
      form('text/plain', JSON.stringify({ query }), {
        accept: 'application/json',
        'x-content-type': 'application/json',
      }),
    );
    expect([400, 415]).toContain(answer.status);
  });

  it.each(['POST', 'GET'])('is refused when the operation stands in the address, by %s', async (method) => {
    for (const document of [query, mutation]) {
      const path = `/graphql?query=${encodeURIComponent(document)}`;
      const answer = await nothingDone(() => ask(gateway.url, { method, path }));
      expect([400, 415]).toContain(answer.status);
    }
  });

  it('cannot change anything by GET, preflight or not', async () => {
    const path = `/graphql?query=${encodeURIComponent(mutation)}`;
    for (const headers of [
      { 'apollo-require-preflight': '1' },
      { 'x-apollo-operation-name': 'x' },
      { 'content-type': 'application/json' },
    ]) {
      const answer = await nothingDone(() =>
        ask(gateway.url, { method: 'GET', path, headers: headers as unknown as Record<string, string> }),
      );
      expect([400, 405]).toContain(answer.status);
    }
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'HEAD'])('cannot ask by %s', async (method) => {
    const answer = await nothingDone(() =>
      ask(gateway.url, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: mutation }),
      }),
    );
    expect([404, 405]).toContain(answer.status);
  });

  it.each(strangers)('at %s reads no answer and gets no preflight', async (origin) => {
    for (const path of ['/graphql', '/graphql/stream', '/healthz', '/nothing']) {
      const preflight = await ask(gateway.url, {
        method: 'OPTIONS',
        path,
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,authorization',
        },
      });
      expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
      expect(preflight.headers['access-control-allow-credentials']).toBeUndefined();
    }
    const answer = await askGraph(gateway.url, query, { headers: { origin } });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.headers.vary ?? '').toMatch(/origin/i);
  });

  it('is told apart from the portal, which alone may read answers, without cookies', async () => {
    const answer = await askGraph(gateway.url, query, { headers: { origin: portal } });
    expect(answer.headers['access-control-allow-origin']).toBe(portal);
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    expect(answer.headers['set-cookie']).toBeUndefined();
    // Also where it is refused: a page must see why.
    const refused = await askGraph(gateway.url, query, { headers: { origin: portal }, token: 'none' });
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([401, portal]);
  });

  it.each(strangers)('at %s opens no socket', async (origin) => {
    await expect(LiveSocket.open(gateway.subscriptions, { headers: { origin } })).rejects.toThrow(/40[13]/);
  });

  it('opens no socket by another protocol or another path', async () => {
    const old = await LiveSocket.open(gateway.subscriptions, {
      protocol: 'graphql-ws',
      headers: { origin: portal },
    }).then(
      (socket) => socket.untilClosed().then(({ code }) => code),
      () => 'refused',
    );
    expect([4406, 'refused']).toContain(old);
    const elsewhere = gateway.subscriptions.replace('/graphql', '/graphql/stream');
    await expect(LiveSocket.open(elsewhere, { headers: { origin: portal } })).rejects.toThrow();
    const socket = await LiveSocket.open(gateway.subscriptions, { headers: { origin: portal } });
    await socket.init();
    socket.close();
  });
});

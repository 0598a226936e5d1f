import { createHash } from 'node:crypto';
import { generateKeyPair, SignJWT } from 'jose';
import { bodyHash, viewerVerifier, ViewerRejected } from '@caregraph/runtime';
import { runGateway, type Answer, type RunningGateway } from './testing/running-gateway.js';

/** Small, and 2^60 fields when its fragments are written out. */
const doubling = `{ appointment(id: "a1") { ...F0 } } ${Array.from(
  { length: 60 },
  (_, step) => `fragment F${step} on Appointment { ...F${step + 1} ...F${step + 1} }`,
).join(' ')} fragment F60 on Appointment { status }`;

const joined = '{ appointment(id: "a1") { status payment { status amountMinor } } }';

describe('the gateway over HTTP', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await runGateway({ NODE_ENV: 'production', PUBLIC_ORIGINS: 'https://portal.example.org' });
  });
  afterAll(() => gateway.close());
  const bearer = async (changes = {}): Promise<{ authorization: string }> => ({
    authorization: `Bearer ${await gateway.issuer.token(changes)}`,
  });

  it('one query is answered from two subgraphs', async () => {
    const { status, body } = await gateway.query(joined);
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { appointment: { status: 'CONFIRMED', payment: { status: 'HELD', amountMinor: 4_200 } } },
    });
  });

  it('each kind of bad token gets the same answer', async () => {
    const other = await generateKeyPair('ES256');
    const claims = { iss: gateway.issuer.issuer, aud: gateway.issuer.audience, sub: 'a', exp: 4_000_000_000 };
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: 'key-1' })
      .sign(other.privateKey);
    const bad = [
      'Bearer nonsense',
      'Basic YTpi',
      '',
      `Bearer ${forged}`,
      (await bearer({ aud: 'x' })).authorization,
    ];
    for (const authorization of bad) {
      const { status, body } = await gateway.query('{ whoAmI }', { authorization, 'x-request-id': 'same' });
      expect(status).toBe(401);
      expect(body).toEqual({
        errors: [
          {
            message: 'The access token is not accepted.',
            extensions: { code: 'UNAUTHENTICATED', requestId: 'same' },
          },
        ],
      });
    }
  });

  it('subgraphs are told who calls, by a token for themselves and for this very body', async () => {
    gateway.payments.calls.length = 0;
    gateway.rows.members.set('knows-roles', [{ practiceId: 'p1', role: 'staff' }]);
    const changes = {
      sub: 'knows-roles',
      memberships: [{ practiceId: 'p2', role: 'admin' }],
      scope: 'read',
      sid: 'login-1',
      amr: ['otp'],
    };
    await gateway.query(joined, {
      ...(await bearer(changes)),
      'user-agent': 'spec/1',
      'idempotency-key': 'key-1',
    });
    const [call] = gateway.payments.calls;
    expect(call?.viewer).toMatchObject({
      account: 'knows-roles',
      memberships: [{ practiceId: 'p1', role: 'staff' }],
      scopes: ['read'],
      amr: ['otp'],
      sid: 'login-1',
      ip: '127.0.0.1',
      userAgent: 'spec/1',
      idempotencyKey: 'key-1',
    });
    const token = String(call?.headers['x-caregraph-viewer']);
    const [, payload = ''] = token.split('.');
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
      bodySha256: bodyHash(call?.body ?? ''),
    });
    const elsewhere = viewerVerifier('booking', gateway.payments.keys);
    await expect(elsewhere(token, call?.body ?? '')).rejects.toThrow(ViewerRejected);
    const verify = viewerVerifier('payments', gateway.payments.keys);
    await expect(verify(token, `${call?.body ?? ''} `)).rejects.toThrow(ViewerRejected);
  });

  it('what a client claims in headers never reaches a subgraph', async () => {
    gateway.booking.calls.length = 0;
    await gateway.query('{ whoAmI }', {
      'x-caregraph-viewer': 'forged',
      'x-user-id': 'somebody',
      'x-internal-role': 'admin',
      cookie: 'session=1',
    });
    const [call] = gateway.booking.calls;
    expect(call?.viewer.account).toBeNull();
    expect(call?.headers['x-caregraph-viewer']).not.toBe('forged');
    const claimed = ['x-user-id', 'x-internal-role', 'cookie', 'authorization'];
    expect(Object.keys(call?.headers ?? {}).filter((name) => claimed.includes(name))).toEqual([]);
  });

  it('a caller without a token gets a signed session, and is the same caller when it comes back with it', async () => {
    const first = await gateway.query('{ whoAmI }');
    const session = first.headers.get('x-caregraph-session') ?? '';
    const again = await gateway.query('{ whoAmI }', { 'x-caregraph-session': session });
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('x-caregraph-session')).toBeNull();
    const forged = await gateway.query('{ whoAmI }', { 'x-caregraph-session': session.replace(/.$/, '') });
    expect(forged.body).not.toEqual(first.body);
    expect(forged.headers.get('x-caregraph-session')).not.toBeNull();
  });

  it('a request id is echoed, passed to subgraphs and named in each error; a malformed one is replaced', async () => {
    gateway.booking.calls.length = 0;
    const { headers, body } = await gateway.query('{ fails }', { 'x-request-id': 'my-id_1' });
    expect(headers.get('x-request-id')).toBe('my-id_1');
    expect(gateway.booking.calls[0]?.headers['x-request-id']).toBe('my-id_1');
    expect(body.errors?.map(({ extensions }) => extensions.requestId)).toEqual(['my-id_1']);
    const replaced = await gateway.query('{ whoAmI }', { 'x-request-id': 'a b<script>' });
    expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('an idempotency key counts for one mutation: with two it is refused before anything runs', async () => {
    gateway.booking.calls.length = 0;
    const two =
      'mutation { a: cancelAppointment(id: "1") { id } ...More } fragment More on Mutation { confirmAppointment(id: "2") { id } }';
    for (const header of ['idempotency-key', 'x-idempotency-key']) {
      const { status, body } = await gateway.query(two, { [header]: 'k' });
      expect(status).toBe(400);
      expect(body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
    expect(gateway.booking.calls).toEqual([]);
    expect((await gateway.query(two)).body.errors).toBeUndefined();
    const one = await gateway.query('mutation { cancelAppointment(id: "1") { id } }', {
      'idempotency-key': 'k',
    });
    expect(one.body).toEqual({ data: { cancelAppointment: { id: '1' } } });
    expect(gateway.booking.calls.at(-1)?.viewer.idempotencyKey).toBe('k');
  });

  it("what a subgraph's error says reaches the client only with a code of the list", async () => {
    const fails = await gateway.query('{ fails }');
    expect(JSON.stringify(fails.body)).not.toMatch(/ECONNREFUSED|5432|booking|stack/);
    expect(fails.body.errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
    const refuses = await gateway.query('{ refuses }', { 'x-request-id': 'r' });
    expect(refuses.body.errors).toEqual([
      {
        message: 'patient.email: is no address',
        path: ['refuses'],
        extensions: {
          code: 'BAD_USER_INPUT',
          fields: [{ field: 'patient.email', message: 'is no address' }],
          requestId: 'r',
        },
      },
    ]);
  });

  it.each([
    ['one that the document does not have', { query: 'query A { whoAmI }', operationName: 'B' }],
    ['none of two', { query: 'query A { whoAmI } query B { whoAmI }' }],
    ['one that every object inherits', { query: 'query A { whoAmI }', operationName: '__proto__' }],
  ])('an operation named as %s is the client’s mistake', async (_what, body) => {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it('a field under the name __typename is that field', async () => {
    const { body } = await gateway.query('{ appointment(id: "a1") { __typename: status kind: __typename } }');
    expect(body.data).toEqual({ appointment: { __typename: 'CONFIRMED', kind: 'Appointment' } });
  });

  it('in production there is no introspection, no suggestion, no plan and no page', async () => {
    const introspection = await gateway.query('{ __schema { types { name } } }');
    expect(introspection.body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    const misspelt = await gateway.query('{ whoAmi }');
    expect(JSON.stringify(misspelt.body)).not.toContain('Did you mean');
    const plan = await gateway.query('{ whoAmI }', { 'apollo-query-plan-experimental': '1' });
    expect(plan.body).not.toHaveProperty('extensions');
    const page = await fetch(gateway.url, { headers: { accept: 'text/html' } });
    expect(page.status).toBe(400);
    expect((await fetch(new URL('/', gateway.url))).status).toBe(404);
    const put = await fetch(gateway.url, { method: 'PUT' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });

  it('forms, plain text, batches, mutations by GET, huge bodies and endless documents are refused, and say why', async () => {
    const post = (type: string, body: string): Promise<Response> =>
      fetch(gateway.url, { method: 'POST', headers: { 'content-type': type, 'x-request-id': 'r' }, body });
    const answers = await Promise.all([
      post('text/plain', '{"query":"{ whoAmI }"}'),
      post('application/x-www-form-urlencoded', 'query={whoAmI}'),
      post('application/json', '[{"query":"{ whoAmI }"}]'),
      post('application/json', '{"query":'),
      post('application/json', JSON.stringify({ query: `{ ${'whoAmI '.repeat(6_000)} }` })),
      post('application/json', JSON.stringify({ query: doubling })),
      post('application/json', JSON.stringify({ query: `{ whoAmI } #${'x'.repeat(2_000_000)}` })),
      fetch(`${gateway.url}?query={whoAmI}`, { headers: { 'x-request-id': 'r' } }),
      fetch(`${gateway.url}?query=mutation{cancelAppointment(id:1){id}}`, {
        headers: { 'apollo-require-preflight': '1', 'x-request-id': 'r' },
      }),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(await answer.json()).toMatchObject({
        errors: [{ extensions: { code: 'BAD_USER_INPUT', requestId: 'r' } }],
      });
    }
  });

  it('an operation that may cost more than the budget is refused with the numbers, before anything runs', async () => {
    const poor = await runGateway({ OPERATION_COST_LIMIT: '2' });
    const id = '(id: "1")';
    expect((await poor.query(`{ a: appointment${id} { id } b: appointment${id} { id } }`)).status).toBe(200);
    poor.booking.calls.length = 0;
    const { status, body } = await poor.query(
      `{ appointment${id} { id payment { status } } appointment2: appointment${id} { id } }`,
    );
    expect(status).toBe(400);
    expect(body.errors?.[0]).toMatchObject({
      message: 'The operation may cost 3, and 2 is the most.',
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(poor.booking.calls).toHaveLength(0);
    await poor.close();
  });

  it('a text that was sent once may be named by its hash; an unknown hash is asked for its text', async () => {
    const query = 'query Persisted { whoAmI }';
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const send = async (text?: string): Promise<Answer> => {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: text, extensions: { persistedQuery: { version: 1, sha256Hash } } }),
      });
      return (await response.json()) as Answer;
    };
    expect((await send()).errors?.[0]?.message).toBe('PersistedQueryNotFound');
    expect((await send('query Persisted { fails }')).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect((await send(query)).errors).toBeUndefined();
    expect((await send()).data).toHaveProperty('whoAmI');
  });

  it('a page of a listed origin may call, any other may not', async () => {
    const allowed = async (origin: string): Promise<string | null> =>
      (
        await fetch(gateway.url, {
          method: 'OPTIONS',
          headers: { origin, 'access-control-request-method': 'POST' },
        })
      ).headers.get('access-control-allow-origin');
    expect(await allowed('https://portal.example.org')).toBe('https://portal.example.org');
    expect(await allowed('https://evil.example')).toBeNull();
    expect(await allowed('https://portal.example.org.evil.example')).toBeNull();
  });

  it('subscriptions over HTTP are refused with a word on where they are served', async () => {
    const { body } = await gateway.query('subscription { appointmentChanged { id } }');
    expect(body.errors?.[0]).toMatchObject({ message: 'Subscriptions are served over a WebSocket.' });
  });

  it('what fails before it is an operation is counted, too: a bad token as refused', async () => {
    const told = async (): Promise<number> => {
      const text = await (await fetch(new URL('/metrics', gateway.url))).text();
      const line = /request_duration_seconds_count\{operation="unread",outcome="refused"\} (\d+)/.exec(text);
      return Number(line?.[1] ?? 0);
    };
    const before = await told();
    expect((await gateway.query('{ whoAmI }', { authorization: 'Bearer nonsense' })).status).toBe(401);
    expect(await told()).toBe(before + 1);
  });

  it('durations are told by operation and by subgraph', async () => {
    await gateway.query(`query Joined ${joined}`);
    const text = await (await fetch(new URL('/metrics', gateway.url))).text();
    expect(text).toMatch(
      /caregraph_gateway_request_duration_seconds_count\{operation="Joined",outcome="ok"\} 1/,
    );
    expect(text).toMatch(
      /caregraph_gateway_subgraph_duration_seconds_count\{subgraph="payments",outcome="ok"\} \d+/,
    );
  });
});

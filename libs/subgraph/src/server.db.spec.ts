import { SignJWT } from 'jose';
import { Agent, request } from 'undici';
import { bodyHash, signViewer } from '@caregraph/runtime';
import { eventually } from '@caregraph/testing';
import { keys, runningSubgraph, seen, sign, viewer, waiting, type RunningSubgraph } from './spec-subgraph.js';

const question = JSON.stringify({ query: '{ who }' });

let app: RunningSubgraph;
beforeAll(async () => {
  app = await runningSubgraph();
});
afterAll(() => app.close());
beforeEach(() => app.lines.splice(0));

describe('a call that the gateway signed', () => {
  it('is answered as the viewer that the gateway names', async () => {
    const { status, json } = await app.send(question);
    expect(status).toBe(200);
    expect(json()).toEqual({ data: { who: 'pat' } });
  });

  it('has an entity manager, a viewer and an instant of its own', async () => {
    seen.splice(0);
    await Promise.all([
      app.send(question),
      app.send(question, { token: await sign(question, { account: 'sam' }) }),
    ]);
    const [one, other] = seen;
    expect(one?.em).not.toBe(other?.em);
    expect(one?.em.getUnitOfWork()).not.toBe(other?.em.getUnitOfWork());
    expect(one?.em).not.toBe(app.orm.em);
    expect(seen.map((deps) => deps.viewer.account).sort()).toEqual(['pat', 'sam']);
    expect(one?.now).toBeInstanceOf(Date);
    expect(one?.requestId).toBe('r1');
  });

  it('shows no introspection in production', async () => {
    const { errors } = await app.ask('{ __schema { types { name } } }');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', requestId: 'r1' });
  });
});

describe('a call that the gateway did not sign', () => {
  const expired = (): Promise<string> =>
    new SignJWT({ viewer, bodySha256: bodyHash(question) })
      .setProtectedHeader({ alg: 'HS256', kid: 'k1', typ: 'caregraph-viewer' })
      .setIssuer('caregraph-gateway')
      .setAudience('spec')
      .setJti('old')
      .setIssuedAt(Math.floor(Date.now() / 1000) - 120)
      .setExpirationTime(Math.floor(Date.now() / 1000) - 60)
      .sign(Buffer.from(keys[0]!.secret));

  it.each([
    ['unsigned', () => null],
    ['signed with nonsense', () => 'nonsense'],
    ['expired', expired],
    ['signed for another body', () => sign('{"query":"{ other }"}')],
    ['signed for no body', () => sign('')],
    ['signed for another subgraph', () => signViewer(viewer, { audience: 'other', body: question, keys })],
    [
      'signed with another key',
      () =>
        signViewer(viewer, {
          audience: 'spec',
          body: question,
          keys: [{ kid: 'k1', secret: 'y'.repeat(32) }],
        }),
    ],
  ])('is 401 and learns nothing: %s', async (_how, token) => {
    const { status, json } = await app.send(question, { token: await token() });
    expect(status).toBe(401);
    expect(json()).toEqual({
      errors: [{ message: 'The caller is not known.', extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  it('is 401 the second time that the same call comes', async () => {
    const token = await sign(question);
    expect((await app.send(question, { token })).status).toBe(200);
    expect((await app.send(question, { token })).status).toBe(401);
  });

  it.each(['{ _service { sdl } }', '{ _entities(representations: []) { __typename } }', '{ who'])(
    'is 401 whatever it asks, and before anything is parsed: %s',
    async (query) => {
      expect((await app.send(JSON.stringify({ query }), { token: null })).status).toBe(401);
      expect((await app.send('no { json', { token: null })).status).toBe(401);
    },
  );

  it('is 401 as text and as a form too, or is not taken', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const { status } = await app.send(question, { headers: { 'content-type': type } });
      expect([401, 415]).toContain(status);
    }
  });

  it('does not exist by GET', async () => {
    expect((await app.send('', { method: 'GET', path: '/graphql?query={who}' })).status).toBe(404);
  });
});

describe('a body that is no request', () => {
  it.each([
    ['not JSON', 'no { json'],
    ['no object', '"text"'],
    ['null', 'null'],
    ['a batch', `[${question}]`],
    ['without a query', '{}'],
    ['with an empty query', '{"query":""}'],
    ['with a query that is no text', '{"query":{}}'],
    ['with variables that are no object', '{"query":"{ who }","variables":[1]}'],
    ['with extensions that are no object', '{"query":"{ who }","extensions":"x"}'],
    ['with an operation’s name that is no text', '{"query":"{ who }","operationName":1}'],
  ])('is 400 BAD_USER_INPUT with the request’s id: %s', async (_what, body) => {
    const { status, json } = await app.send(body);
    expect(status).toBe(400);
    expect(json().errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', requestId: 'r1' });
  });

  it('is 413 when it is larger than 1 MiB, and 200 a little below', async () => {
    const padded = (bytes: number): string => {
      const body = JSON.stringify({ query: '{ who }', variables: { x: '' } });
      return body.replace('"x":""', `"x":"${'x'.repeat(bytes - body.length)}"`);
    };
    const large = await app.send(padded(1_048_577));
    expect(large.status).toBe(413);
    expect(large.json().errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect((await app.send(padded(1_048_576))).status).toBe(200);
  });
});

describe('an error', () => {
  it('names the field that was wrong, with the request’s id', async () => {
    const { errors } = await app.ask('{ fails(how: "input") }');
    expect(errors).toMatchObject([
      {
        message: 'how: is wrong',
        extensions: { code: 'BAD_USER_INPUT', requestId: 'r1', fields: [{ field: 'how' }] },
      },
    ]);
    expect(app.lines).toEqual([]);
  });

  it.each(['sql', 'other'])(
    'of ours tells nothing of itself, and is logged without what it quotes (%s)',
    async (how) => {
      const { status, text, json } = await app.send(JSON.stringify({ query: `{ fails(how: "${how}") }` }));
      expect(status).toBe(200);
      expect(json()).toEqual({
        data: { fails: null },
        errors: [
          {
            message: 'Something went wrong on our side.',
            path: ['fails'],
            extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r1' },
          },
        ],
      });
      expect(text).not.toMatch(/canary|select|stack/);
      expect(app.lines).toHaveLength(1);
      expect(JSON.parse(app.lines[0]!)).toMatchObject({
        level: 'error',
        requestId: 'r1',
        msg: 'a request failed',
      });
      if (how === 'sql') expect(app.lines[0]).not.toContain("'canary'");
    },
  );

  it('is UNAVAILABLE when the database goes away in the middle, and the next call is answered', async () => {
    const { errors } = await app.ask('{ fails(how: "connection") }');
    expect(errors?.[0]?.extensions).toEqual({ code: 'UNAVAILABLE', requestId: 'r1' });
    expect(app.lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(['warn']);
    expect((await app.ask('{ who }')).data).toEqual({ who: 'pat' });
  });

  it.each([
    ['{ whom }', 'whom'],
    ['{ who', 'Syntax Error'],
    ['query A { who } query B { who }', 'operation'],
    ['query ($how: String!) { fails(how: $how) }', '$how'],
  ])('in the document is BAD_USER_INPUT: %s', async (query, named) => {
    const { errors } = await app.ask(query);
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', requestId: 'r1' });
    expect(errors?.[0]?.message).toContain(named);
  });

  it('before there is a request is masked and logged too', async () => {
    const { text, json } = await app.send(question, {
      token: await sign(question, { requestId: 'no deps' }),
    });
    expect(json().errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    expect(text).not.toContain('canary');
    expect(app.lines.join('')).toContain('a request failed');
  });
});

describe('what stands outside of the viewer check', () => {
  it.each(['/healthz', '/readyz', '/metrics'])('is %s', async (path) => {
    expect((await app.send('', { method: 'GET', path, token: null })).status).toBe(200);
  });

  it('is a vendor’s webhook, with the raw bytes', async () => {
    const body = '{ "spaced" :  1 }';
    const { json } = await app.send(body, { path: '/webhooks/vendor', token: null });
    expect(json()).toEqual({ raw: body });
  });

  it('does not show a vendor what failed, and does not log what it quotes', async () => {
    const { status, text } = await app.send('{"break":1}', { path: '/webhooks/vendor', token: null });
    expect(status).toBe(500);
    expect(text).not.toMatch(/canary|uuid|select/);
    expect(app.lines).toHaveLength(1);
    expect(app.lines[0]).toContain('"code":"22P02"');
    expect(app.lines[0]).not.toContain('canary');
  });

  it('is nothing else', async () => {
    expect((await app.send('', { method: 'GET', path: '/', token: null })).status).toBe(404);
  });
});

describe('a subgraph that closes', () => {
  it('finishes what is under way, and takes nothing new', async () => {
    const other = await runningSubgraph();
    const underWay = other.ask('{ waits }');
    const goOn = await eventually('the request', () => waiting.pop());
    const closed = other.close();
    await eventually('the door is shut', () =>
      other.send(question, { token: null }).then(
        ({ status }) => status === 503 || undefined,
        () => true,
      ),
    );
    goOn();
    expect(await underWay).toEqual({ data: { waits: 'done' } });
    await closed;
  });
});

describe('a subgraph that drains', () => {
  it('answers on connections that the gateway has kept, and ends them with the answer', async () => {
    const other = await runningSubgraph('production', { DRAIN_MS: 15_000 });
    const kept = new Agent({ connections: 1 });
    const ask = async (): Promise<unknown[]> => {
      const { statusCode, headers, body } = await request(`${other.url}/graphql`, {
        dispatcher: kept,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-caregraph-viewer': await sign(question) },
        body: question,
      });
      return [statusCode, headers.connection, await body.json()];
    };
    expect(await ask()).toEqual([200, 'keep-alive', { data: { who: 'pat' } }]);
    const closed = other.close();
    expect(await ask()).toEqual([200, 'close', { data: { who: 'pat' } }]);
    await closed;
    await kept.close();
  });
});

describe('a subgraph in development', () => {
  it('shows its schema', async () => {
    const other = await runningSubgraph('development');
    const { data } = await other.ask('{ __schema { queryType { name } } }');
    expect(data).toEqual({ __schema: { queryType: { name: 'Query' } } });
    await other.close();
  });
});

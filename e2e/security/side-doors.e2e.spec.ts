// Check 10: federation's own fields are no door for clients, and subgraphs, here in production mode, open to nobody but
// the gateway. What `subgraph-calls` tells of audiences and keys is not told again.
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { bodyHash, signViewer, systemViewer, type ViewerKey } from '@caregraph/runtime';
import { subgraphs } from '../../tools/stack/apps.js';
import { demoToken } from '../support/demo-token.js';
import { LiveSocket } from '../support/live-socket.js';
import { startProductionGateway, type ProductionGateway } from '../support/production.js';
import { ask, askGraph, codesOf, type Answered } from '../support/raw-http.js';
import { stack } from '../support/story.js';
import { viewerKeyOf } from '../support/viewer-keys.js';

const json = { 'content-type': 'application/json' };
const sdl = '{ _service { sdl } }';
const entities = `{ _entities(representations: [{ __typename: "Appointment", id: "${randomUUID()}" }]) { __typename } }`;

describe('at the gateway', () => {
  let gateway: ProductionGateway;
  beforeAll(async () => {
    gateway = await startProductionGateway();
  });
  afterAll(() => gateway.stop());

  it.each([
    ['_service', sdl],
    ['_entities', entities],
    ['_service under an alias', '{ x: _service { y: sdl } }'],
    ['_entities in a mutation', entities.replace('{', 'mutation {')],
    ['_Entity', '{ appointment(id: "x") { ... on _Entity { __typename } } }'],
    ['_Any', 'query ($a: [_Any!]!) { practices { edges { cursor } } }'],
  ])('there is no %s, not even for support', async (_what, query) => {
    for (const token of [undefined, await demoToken({ login: 'support', mfa: true })]) {
      const answer = await askGraph(gateway.url, query, { token });
      expect([answer.status, codesOf(answer), answer.json?.data]).toEqual([
        400,
        ['BAD_USER_INPUT'],
        undefined,
      ]);
    }
  });

  it('what a client sends in the viewer’s place makes nobody somebody', async () => {
    const forged = await signViewer(systemViewer, {
      audience: 'booking',
      body: '',
      keys: [viewerKeyOf('booking')],
    });
    const headers = {
      'x-caregraph-viewer': forged,
      'x-user': 'admin',
      'x-user-id': stack.describe().logins.admin?.account ?? '',
      'x-user-role': 'admin',
      'x-internal-request': 'true',
      'x-forwarded-user': 'admin',
    };
    const mine = `mutation { resendNotification(input: { notificationId: "${randomUUID()}" }) { __typename } }`;
    const answer = await askGraph(gateway.url, mine, { headers });
    expect(codesOf(answer)).toEqual(['UNAUTHENTICATED']);
  });
});

describe.each(subgraphs)('%s, asked past the gateway', (app) => {
  const url = (): string => stack.describe().urls[app] ?? '';
  const call = (
    query: string,
    headers: Readonly<Record<string, string>> = {},
    path = '/graphql',
  ): Promise<Answered> =>
    ask(url(), { path, headers: { ...json, ...headers }, body: JSON.stringify({ query }) });
  const bodyOf = (query: string): string => JSON.stringify({ query });
  const signed = (query: string): Promise<string> =>
    signViewer(systemViewer, { audience: app, body: bodyOf(query), keys: [viewerKeyOf(app)] });
  const signedAt = (
    secondsAgo: number,
    over: object = {},
    key: ViewerKey = viewerKeyOf(app),
  ): Promise<string> => {
    const then = Math.floor(Date.now() / 1000) - secondsAgo;
    return new SignJWT({ viewer: systemViewer, bodySha256: bodyHash(bodyOf(entities)), ...over })
      .setProtectedHeader({ alg: 'HS256', kid: key.kid, typ: 'caregraph-viewer' })
      .setIssuer('caregraph-gateway')
      .setAudience(app)
      .setJti(randomUUID())
      .setIssuedAt(then)
      .setExpirationTime(then + 60)
      .sign(Buffer.from(key.secret));
  };
  const turnedAway = (answer: Answered): void => {
    expect([answer.status, codesOf(answer)]).toEqual([401, ['UNAUTHENTICATED']]);
    expect(answer.json).not.toHaveProperty('data');
  };

  it.each([
    ['none', {}],
    ['a user’s id', { 'x-user': 'admin', 'x-user-id': 'admin', 'x-user-role': 'admin' }],
    [
      'internal ones',
      { 'x-internal-request': 'true', 'x-forwarded-for': '127.0.0.1', 'x-caregraph-system': '1' },
    ],
    ['a viewer in plain JSON', { 'x-caregraph-viewer': JSON.stringify(systemViewer) }],
    [
      'an unsigned viewer',
      {
        'x-caregraph-viewer': `${Buffer.from('{"alg":"none","typ":"caregraph-viewer"}').toString('base64url')}.${Buffer.from(JSON.stringify({ viewer: systemViewer })).toString('base64url')}.`,
      },
    ],
  ])('answers 401 to forged headers: %s', async (_what, headers) => {
    for (const query of [
      sdl,
      entities,
      '{ __typename }',
      '{ __schema { types { name } } }',
      'not even GraphQL',
    ])
      turnedAway(await call(query, headers));
  });

  it('answers 401 before it has read what is asked', async () => {
    for (const body of ['', 'no JSON', '[]', `{"query":${'['.repeat(50_000)}`])
      turnedAway(await ask(url(), { headers: json, body }));
  });

  it('answers 401 to an access token of a person, in any header', async () => {
    const token = await demoToken({ login: 'support', mfa: true });
    turnedAway(await call(entities, { authorization: `Bearer ${token}` }));
    turnedAway(await call(entities, { 'x-caregraph-viewer': token }));
  });

  it('answers 401 to an old signature, to a body changed by one byte, and to a replay', async () => {
    turnedAway(await call(entities, { 'x-caregraph-viewer': await signedAt(61) }));
    turnedAway(await call(`${entities} `, { 'x-caregraph-viewer': await signed(entities) }));
    turnedAway(await call(entities, { 'x-caregraph-viewer': await signedAt(0, { bodySha256: undefined }) }));
    const viewer = await signed(entities);
    // An app without entities says that it has none; it listens, at any rate.
    expect((await call(entities, { 'x-caregraph-viewer': viewer })).status).not.toBe(401);
    turnedAway(await call(entities, { 'x-caregraph-viewer': viewer }));
  });

  it('shows its schema to nobody, the gateway included', async () => {
    for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Query") { name } }']) {
      const answer = await call(query, { 'x-caregraph-viewer': await signed(query) });
      expect(answer.text).not.toContain('"data":{');
    }
  });

  it('opens no socket for who brings no viewer, or somebody else’s', async () => {
    const address = `${url().replace('http', 'ws')}/graphql`;
    for (const payload of [{}, { viewer: 'forged' }, { 'x-caregraph-viewer': await signedAt(61) }]) {
      const outcome = await LiveSocket.open(address).then(
        async (socket) => {
          socket.say({ type: 'connection_init', payload });
          socket.say({ type: 'subscribe', id: '1', payload: { query: entities } });
          const { code } = await socket.untilClosed();
          expect(JSON.stringify(socket.heard)).not.toContain('"data":{');
          return code;
        },
        () => 'refused',
      );
      expect(['refused', 4400, 4401, 4403]).toContain(outcome);
    }
  });

  it('answers nothing by GET, and nothing at other places', async () => {
    const path = `/graphql?query=${encodeURIComponent(sdl)}`;
    expect((await ask(url(), { method: 'GET', path })).status).toBe(404);
    for (const place of ['/', '/graphql/', '/sdl', '/_service', '/admin', '/debug']) {
      const answer = await call(sdl, {}, place);
      expect([401, 404]).toContain(answer.status);
      expect(answer.text).not.toContain('sdl"');
    }
  });
});

// Subgraphs believe the gateway's signature and nothing else: whoever reaches one past the gateway is turned away.
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { bodyHash, signViewer, systemViewer, type ViewerKey } from '@caregraph/runtime';
import { subgraphs } from '../tools/stack/apps.js';
import { stack } from './support/story.js';
import { viewerKeyOf } from './support/viewer-keys.js';

const body = JSON.stringify({ query: '{ __typename }' });
const entities = JSON.stringify({
  query: 'query Entities($of: [_Any!]!) { _entities(representations: $of) { __typename } }',
  variables: { of: [{ __typename: 'Appointment', id: randomUUID() }] },
});
const definition = JSON.stringify({ query: '{ _service { sdl } }' });

describe.each(subgraphs)('a call to %s past the gateway', (app) => {
  const send = (text: string, viewer?: string): Promise<Response> =>
    fetch(new URL('/graphql', stack.describe().urls[app]), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(viewer ? { 'x-caregraph-viewer': viewer } : {}) },
      body: text,
    });
  const statusOf = async (text: string, viewer?: string): Promise<number> =>
    (await send(text, viewer)).status;
  const signed = (text = body, audience: string = app, key: ViewerKey = viewerKeyOf(app)): Promise<string> =>
    signViewer(systemViewer, { audience, body: text, keys: [key] });

  it('is answered once when the gateway has signed it, and refused when it is replayed', async () => {
    const viewer = await signed();
    const first = await send(body, viewer);
    expect(first.status).toBe(200);
    expect(await first.json()).toEqual({ data: { __typename: 'Query' } });
    expect(await statusOf(body, viewer)).toBe(401);
  });

  it.each([
    ['a query', body],
    ['_entities', entities],
    ['_service', definition],
  ])('is refused without a signature: %s', async (_what, text) => {
    const response = await send(text);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('is refused when the signature is older than a minute', async () => {
    const { kid, secret } = viewerKeyOf(app);
    const nowSeconds = Math.floor(Date.now() / 1000);
    const expired = await new SignJWT({ viewer: systemViewer, bodySha256: bodyHash(body) })
      .setProtectedHeader({ alg: 'HS256', kid, typ: 'caregraph-viewer' })
      .setIssuer('caregraph-gateway')
      .setAudience(app)
      .setJti(randomUUID())
      .setIssuedAt(nowSeconds - 120)
      .setExpirationTime(nowSeconds - 60)
      .sign(Buffer.from(secret));
    expect(await statusOf(body, expired)).toBe(401);
  });

  it('is refused when it was signed for another body, another subgraph, or with another key', async () => {
    const other = subgraphs.find((one) => one !== app)!;
    expect(await statusOf(definition, await signed(body))).toBe(401);
    expect(await statusOf(body, await signed(body, other))).toBe(401);
    expect(
      await statusOf(
        body,
        await signed(body, app, { ...viewerKeyOf(app), secret: viewerKeyOf(other).secret }),
      ),
    ).toBe(401);
  });

  it('is refused with an access token of the identity provider in place of the signature', async () => {
    const { token } = stack.describe().logins.support!;
    expect(await statusOf(body, token)).toBe(401);
  });
});

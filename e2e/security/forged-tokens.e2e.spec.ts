// Check 6: no token but a good one of our identity provider's is accepted, whatever it claims and however it is signed.
import { createHmac, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { eventually } from '@caregraph/testing';
import { IdentityStub } from '../support/identity-stub.js';
import { LiveSocket } from '../support/live-socket.js';
import { startProductionGateway, type ProductionGateway } from '../support/production.js';
import { ask, askGraph, withoutIds } from '../support/raw-http.js';

const query = '{ paymentConfig { publishableKey } }';
const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const now = (): number => Math.floor(Date.now() / 1000);

/** A token with an HMAC by this secret in place of a signature. */
function hmac(stub: IdentityStub, secret: string, header: object = {}): string {
  const signed = `${encoded(stub.header({ alg: 'HS256', ...header }))}.${encoded(stub.claims())}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** Signed with a key of the forger's, which the header says is the one to verify with. */
async function ownKey(stub: IdentityStub, header: (jwk: object) => object): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: stub.kid };
  return new SignJWT(stub.claims()).setProtectedHeader(stub.header(header(jwk))).sign(privateKey);
}

const flipped = (text: string, at: number): string =>
  `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;

type Forge = (stub: IdentityStub) => Promise<string> | string;
const forgeries: readonly (readonly [what: string, forge: Forge])[] = [
  ['has no signature', (stub) => `${encoded(stub.header({ alg: 'none' }))}.${encoded(stub.claims())}.`],
  ['has no signature, by another spelling', (stub) => `${encoded(stub.header({ alg: 'nOnE' }))}.${encoded(stub.claims())}.`],
  ['is signed with the public key as a secret', async (stub) => hmac(stub, await stub.publicPem())],
  ['is signed with the public key as a secret, without its last line break', async (stub) => hmac(stub, (await stub.publicPem()).trim())],
  ['is signed with an empty secret', (stub) => hmac(stub, '')],
  ['says RS256 over an HMAC', async (stub) => hmac(stub, await stub.publicPem(), { alg: 'RS256' })],
  ['is for another audience', (stub) => stub.token({ aud: 'another-api' })],
  ['is for other audiences', (stub) => stub.token({ aud: ['another-api', 'caregraph2'] })],
  ['is for nobody', (stub) => stub.token({ aud: undefined })],
  ['is of another issuer', (stub) => stub.token({ iss: 'https://evil.example' })],
  ['is of an issuer that begins alike', (stub) => stub.token({ iss: `${stub.issuer}/` })],
  ['is of no issuer', (stub) => stub.token({ iss: undefined })],
  ['expired 31 seconds ago', (stub) => stub.token({ exp: now() - 31 })],
  ['expired in 1970', (stub) => stub.token({ exp: 0 })],
  ['never expires', (stub) => stub.token({ exp: undefined })],
  ['expires at a text', (stub) => stub.token({ exp: '9999999999' })],
  ['counts from the next minute on', (stub) => stub.token({ nbf: now() + 60 })],
  ['is about nobody', (stub) => stub.token({ sub: undefined })],
  ['is about an empty name', (stub) => stub.token({ sub: '' })],
  ['is an id token, by its nonce', (stub) => stub.token({ nonce: 'n-0S6' }, { typ: 'JWT' })],
  ['is an id token, by its at_hash', (stub) => stub.token({ at_hash: '77QmUPtjPfzWtF2AnpK9RQ' }, { typ: 'JWT' })],
  ['is an id token, by token_use', (stub) => stub.token({ token_use: 'id' })],
  ['is a refresh token', (stub) => stub.token({ typ: 'Refresh' })],
  ['is a logout token', (stub) => stub.token({}, { typ: 'logout+jwt' })],
  ['names no key', (stub) => stub.token({}, { kid: undefined })],
  ['names an unknown key', (stub) => stub.token({}, { kid: 'unknown' })],
  ['names a file as its key', (stub) => stub.token({}, { kid: '../../../../../../dev/null' })],
  ['names a statement as its key', (stub) => stub.token({}, { kid: "x' union select 'secret' --" })],
  ['brings its own key', (stub) => ownKey(stub, (jwk) => ({ jwk }))],
  ['says where its keys are', (stub) => ownKey(stub, () => ({ jku: `${stub.issuer}/jku` }))],
  ['says where its certificate is', (stub) => ownKey(stub, () => ({ x5u: `${stub.issuer}/x5u` }))],
  ['is signed with another key of the same name', (stub) => ownKey(stub, () => ({}))],
  ['has a critical header that nobody knows', async (stub) => { const [, ...rest] = (await stub.token()).split('.'); return [encoded({ ...stub.header(), crit: ['exp'] }), ...rest].join('.'); }],
  ['is cut short', async (stub) => (await stub.token()).slice(0, -10)],
  ['has only a header and claims', async (stub) => (await stub.token()).split('.').slice(0, 2).join('.')],
  ['has a bit of its claims flipped', async (stub) => { const token = await stub.token(); return flipped(token, token.indexOf('.') + 20); }],
  ['has a bit of its signature flipped', async (stub) => { const token = await stub.token(); return flipped(token, token.length - 40); }],
  ['has claims of somebody else', async (stub) => { const [head = '', , tail = ''] = (await stub.token()).split('.'); return `${head}.${encoded(stub.claims({ sub: 'admin' }))}.${tail}`; }],
  ['is longer than any of ours', (stub) => stub.token({ padding: 'x'.repeat(7_000) })],
  ['is no token', () => 'letmein'],
  ['is only dots', () => '..'],
]; // prettier-ignore

describe('a token', () => {
  let stub: IdentityStub;
  let gateway: ProductionGateway;
  beforeAll(async () => {
    stub = await IdentityStub.start();
    gateway = await startProductionGateway(stub.variables);
  });
  afterAll(async () => {
    await gateway.stop();
    await stub.close();
  });

  const refusals = new Set<string>();

  it('of the identity provider is accepted, also one that expired within the skew of clocks', async () => {
    for (const over of [{}, { exp: now() - 20 }, { nbf: now() + 20 }, { aud: ['other', 'caregraph'] }]) {
      const { status } = await askGraph(gateway.url, query, { token: await stub.token(over) });
      expect([over, status]).toEqual([over, 200]);
    }
  });

  it.each(forgeries)('that %s is refused, over HTTP and at a socket', async (_what, forge) => {
    const token = await forge(stub);
    const answer = await askGraph(gateway.url, query, { token });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    refusals.add(withoutIds(answer));
    const socket = await LiveSocket.open(gateway.subscriptions);
    await expect(socket.initAs(token)).rejects.toThrow('Closed with 4403: Forbidden');
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const stream = await ask(gateway.url, {
      path: '/graphql/stream',
      headers,
      body: JSON.stringify({ query }),
    });
    refusals.add(withoutIds(stream));
  });

  it('that is refused is refused in the same words, whatever is wrong with it', () => {
    expect([...refusals]).toHaveLength(1);
  });

  it('that names its own key’s place has nobody look there', () => {
    expect(stub.lured).toBe(0);
  });

  it('of 64 kB is refused unread', async () => {
    const token = await stub.token({ padding: 'x'.repeat(48_000) });
    expect((await askGraph(gateway.url, query, { token })).status).toBe(431);
    const socket = await LiveSocket.open(gateway.subscriptions);
    await expect(socket.initAs(token)).rejects.toThrow('Closed with 4403: Forbidden');
  });

  it.each(['Basic YWRtaW46YWRtaW4=', 'Bearer', 'Bearer  ', 'Token x', 'Bearer a b'])(
    'by the header "%s" is refused too, and never taken for nobody',
    async (authorization) => {
      const answer = await askGraph(gateway.url, query, { headers: { authorization } });
      refusals.add(withoutIds(answer));
      expect([...refusals]).toHaveLength(1);
    },
  );

  it('in the address, in a cookie or in the body makes nobody somebody', async () => {
    const token = await stub.token();
    const mine = `mutation { resendNotification(input: { notificationId: "${randomUUID()}" }) { __typename } }`;
    const body = JSON.stringify({
      query: mine,
      access_token: token,
      extensions: { authorization: `Bearer ${token}` },
    });
    const answer = await ask(gateway.url, {
      path: `/graphql?access_token=${token}&authorization=Bearer%20${token}`,
      headers: {
        'content-type': 'application/json',
        cookie: `access_token=${token}`,
        'x-access-token': token,
        'x-caregraph-viewer': token,
      },
      body,
    });
    expect(answer.json?.errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  });

  it('of ours that makes its bearer the system is not believed in that', async () => {
    const refund = `mutation { refundPayment(input: { paymentId: "${randomUUID()}", amountMinor: 1, reason: "x" }) { __typename } }`;
    for (const role of ['system', 'superuser']) {
      const memberships = [{ practiceId: null, role }];
      const token = await stub.token({ memberships, roles: [role], amr: ['otp'], auth_time: now() });
      const { json } = await askGraph(gateway.url, refund, { token });
      expect(['UNAUTHENTICATED', 'FORBIDDEN']).toContain(json?.errors?.[0]?.extensions?.code);
    }
  });

  it('of a hundred unknown keys has the keys fetched at most twice in a minute', async () => {
    const before = stub.fetches;
    const tokens = await Promise.all(
      Array.from({ length: 100 }, (_, index) => stub.token({}, { kid: `unknown-${index}` })),
    );
    const answers = await Promise.all(tokens.map((token) => askGraph(gateway.url, query, { token })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(stub.fetches - before).toBeLessThanOrEqual(2);
  });

  it('by a new key passes within a minute of the rotation, and one by the key that is gone does not', async () => {
    // Signed anew within a second, a token with the same claims is the same, and may be remembered from another story.
    const old = await stub.token({ jti: randomUUID() });
    await stub.rotate();
    const fresh = await stub.token();
    const passes = async (): Promise<true | undefined> =>
      (await askGraph(gateway.url, query, { token: fresh })).status === 200 ? true : undefined;
    await eventually('the new key is known', passes, { withinMs: 60_000, everyMs: 500 });
    expect((await askGraph(gateway.url, query, { token: old })).status).toBe(401);
  });
});

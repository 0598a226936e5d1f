import { createRemoteJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { startIssuer, type Issuer } from '../testing/issuer.js';
import { accessTokenVerifier, TokenRejected, type AccessTokenVerifier } from './access-token.js';

describe('access tokens', () => {
  let issuer: Issuer;
  let verify: AccessTokenVerifier;
  const now = (): number => Math.floor(Date.now() / 1000);

  beforeEach(async () => {
    issuer = await startIssuer();
    verify = accessTokenVerifier({
      ...issuer,
      keys: createRemoteJWKSet(issuer.jwksUrl, { cooldownDuration: 30_000 }),
    });
  });
  afterEach(() => issuer.close());

  const signedWith = (secret: Uint8Array): Promise<string> =>
    new SignJWT({ iss: issuer.issuer, aud: issuer.audience, sub: 'account-1', exp: now() + 60 })
      .setProtectedHeader({ alg: 'HS256', kid: 'key-1', typ: 'at+jwt' })
      .sign(secret);
  const unsigned = (): string => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: issuer.issuer, aud: issuer.audience, sub: 'account-1', exp: now() + 60 };
    return `${part({ alg: 'none', kid: 'key-1' })}.${part(claims)}.`;
  };
  const withOwnKey = async (): Promise<string> => {
    const own = await generateKeyPair('RS256', { extractable: true });
    return new SignJWT({ iss: issuer.issuer, aud: issuer.audience, sub: 'account-1', exp: now() + 60 })
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1', jwk: await exportJWK(own.publicKey) })
      .sign(own.privateKey);
  };

  it('a good token tells account, scopes, how and when the person logged in, the session and its age, and nothing of roles', async () => {
    const token = await issuer.token({
      memberships: [{ practiceId: 'practice-1', role: 'staff' }],
      scope: 'read write',
      amr: ['pwd', 'otp'],
      auth_time: 1_700_000_000,
      sid: 'login-1',
      iat: 1_700_000_100,
    });
    await expect(verify(token)).resolves.toEqual({
      account: 'account-1',
      scopes: ['read', 'write'],
      amr: ['pwd', 'otp'],
      authTime: 1_700_000_000,
      sid: 'login-1',
      issuedAt: 1_700_000_100,
      expiresAt: expect.any(Date) as Date,
    });
  });

  const forgeries: [string, () => string | Promise<string>][] = [
    ['without a signature', unsigned],
    ['signed with the public key as a shared secret', () => signedWith(Buffer.from(issuer.publicPem))],
    ['signed with a key that it brings along', withOwnKey],
    ['of another issuer', () => issuer.token({ iss: 'https://elsewhere.example' })],
    ['for another audience', () => issuer.token({ aud: 'another-api' })],
    ['expired for 31 seconds', () => issuer.token({ exp: now() - 31 })],
    ['not valid for another 40 seconds', () => issuer.token({ nbf: now() + 40 })],
    ['without an expiry', () => issuer.token({ exp: undefined })],
    ['without a subject', () => issuer.token({ sub: undefined })],
    ['without a key id', () => issuer.token({}, { kid: undefined })],
    ['with an unknown key id', () => issuer.token({}, { kid: 'key-9' })],
    ['with a path as key id', () => issuer.token({}, { kid: '../../etc/passwd' })],
    ['that is an id token', () => issuer.token({ nonce: 'n', at_hash: 'h' })],
    ['that is a refresh token', () => issuer.token({ typ: 'Refresh' })],
    ['of another kind', () => issuer.token({}, { typ: 'logout+jwt' })],
    ['with one bit flipped', async () => (await issuer.token()).replace(/.{9}$/, 'AAAAAAAAA')],
    ['cut short', async () => (await issuer.token()).slice(0, -40)],
    ['of 64 kilobytes', () => issuer.token({ name: 'A'.repeat(65_536) })],
    ['that is no token at all', () => 'letmein'],
  ];
  it.each(forgeries)('a token %s is rejected', async (_kind, make) => {
    await expect(verify(await make())).rejects.toThrow(TokenRejected);
  });

  it('a token expired for 25 seconds is accepted, since clocks differ', async () => {
    await expect(verify(await issuer.token({ exp: now() - 25 }))).resolves.toMatchObject({
      account: 'account-1',
    });
  });

  it('a hundred tokens with unknown keys fetch the keys at most twice', async () => {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      await expect(verify(await issuer.token({}, { kid: `unknown-${attempt}` }))).rejects.toThrow(
        TokenRejected,
      );
    }
    expect(issuer.fetches()).toBeLessThanOrEqual(2);
  });

  it('a token signed with a new key is accepted once the keys may be fetched again', async () => {
    const impatient = accessTokenVerifier({
      ...issuer,
      keys: createRemoteJWKSet(issuer.jwksUrl, { cooldownDuration: 0 }),
    });
    await impatient(await issuer.token());
    await issuer.rotate();
    await expect(impatient(await issuer.token())).resolves.toMatchObject({ account: 'account-1' });
  });

  it('an identity provider that is down is not the fault of the caller', async () => {
    const token = await issuer.token();
    await issuer.close();
    await expect(verify(token)).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
  });
});

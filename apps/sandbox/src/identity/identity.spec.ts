import { createHash, randomBytes } from 'node:crypto';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify, type JWTPayload } from 'jose';
import { demoUsers, startTestBed, type TestBed } from '../test-bed.js';
import { clientId } from './provider.js';

type Discovered = Record<
  'issuer' | 'jwks_uri' | 'authorization_endpoint' | 'token_endpoint' | 'userinfo_endpoint',
  string
>;
type Tokens = Record<'access_token' | 'refresh_token', string>;

describe('the identity provider of the sandbox', () => {
  let bed: TestBed;
  beforeAll(async () => {
    bed = await startTestBed();
  });
  afterAll(() => bed.close());

  const discover = async (): Promise<Discovered> => {
    const response = await fetch(`${bed.sandbox.issuer}/.well-known/openid-configuration`);
    return (await response.json()) as Discovered;
  };
  const verified = async (token: string): Promise<JWTPayload> => {
    const { issuer, jwks_uri } = await discover();
    const keys = createRemoteJWKSet(new URL(jwks_uri));
    const options = { issuer, audience: 'caregraph', algorithms: ['RS256'] };
    return (await jwtVerify(token, keys, options)).payload;
  };
  const demoToken = async (input: object): Promise<string> =>
    String((await bed.control('POST', '/demo/token', input)).access_token);

  it('gives demo tokens that verify, in real time even when the world is ahead', async () => {
    await bed.control('POST', '/_sandbox/clock/advance', { days: 30 });
    const claims = await verified(await demoToken({ login: 'admin', mfa: true }));
    expect(claims).toMatchObject({
      sub: 'user-admin',
      name: 'Ada Admin',
      email: 'ada@example.com',
      scope: 'reports:read appointments:read',
      amr: ['pwd', 'otp'],
      sid: expect.any(String) as string,
    });
    const now = Math.floor(Date.now() / 1_000);
    expect(Math.abs((claims.iat ?? 0) - now)).toBeLessThan(10);
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(12 * 3_600);
    expect(Math.abs(Number(claims.auth_time) - now)).toBeLessThan(10);
  });

  it('says that somebody used only a password, and never who has which role', async () => {
    const claims = await verified(await demoToken({ login: 'ann' }));
    expect(claims).toMatchObject({ sub: 'user-ann', amr: ['pwd'] });
    expect(claims.memberships).toBeUndefined();
    expect(claims.scope).toBeUndefined();
  });

  it('gives expired tokens and old logins to those who test them, and nothing to strangers', async () => {
    await expect(verified(await demoToken({ login: 'ann', expiresInSeconds: -1 }))).rejects.toThrow(/exp/);
    const claims = await verified(await demoToken({ login: 'ann', authenticatedSecondsAgo: 3_600 }));
    expect((claims.iat ?? 0) - Number(claims.auth_time)).toBe(3_600);
    await expect(demoToken({ login: 'nobody' })).rejects.toThrow(/404.*no demo user nobody/);
    await expect(demoToken({ login: 'ann', colour: 'red' })).rejects.toThrow(/400.*colour/);
  });

  it('signs with a new key after a rotation; the old one verifies until it is dropped', async () => {
    const before = await demoToken({ login: 'ann' });
    await bed.control('POST', '/demo/keys/rotate', {});
    const after = await demoToken({ login: 'ann' });
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
    expect((await verified(before)).sub).toBe('user-ann');
    expect((await verified(after)).sub).toBe('user-ann');
    await bed.control('POST', '/demo/keys/rotate', { dropOld: true });
    await expect(verified(after)).rejects.toThrow();
  });

  it.each([
    ['', '', ['pwd']],
    ['true', '', ['pwd', 'otp']],
    ['true', 'login consent', ['pwd', 'otp']],
  ])('logs a person in with PKCE (second factor: "%s", prompt: "%s")', async (mfa, prompt, amr) => {
    const jar = new Map<string, string>();
    const browse = async (url: string | URL, form?: Record<string, string>): Promise<Response> => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(url, {
        redirect: 'manual',
        headers: { cookie },
        ...(form && { method: 'POST', body: new URLSearchParams(form) }),
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        jar.set(name, value);
      }
      return response;
    };
    const locationOf = (response: Response): URL =>
      new URL(response.headers.get('location') ?? '', bed.sandbox.url);

    const { authorization_endpoint, token_endpoint, userinfo_endpoint } = await discover();
    const verifier = randomBytes(32).toString('base64url');
    const redirect_uri = 'http://127.0.0.1:5173/callback';
    const query = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      scope: 'openid profile email',
      redirect_uri,
      state: 'xyz',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...(prompt && { prompt }),
    });
    const login = locationOf(await browse(`${authorization_endpoint}?${query.toString()}`));
    const page = await (await browse(login)).text();
    for (const { name } of demoUsers) expect(page).toContain(name);

    const resume = await browse(login, { login: 'admin', ...(mfa && { mfa }) });
    let back = locationOf(resume);
    while (back.origin === bed.sandbox.url) back = locationOf(await browse(back));
    expect(back.origin + back.pathname).toBe(redirect_uri);
    expect(back.searchParams.get('state')).toBe('xyz');

    // A change of keys between login and code must not lose the code.
    await bed.control('POST', '/demo/keys/rotate', {});
    const exchanged = await browse(token_endpoint, {
      grant_type: 'authorization_code',
      client_id: clientId,
      code: back.searchParams.get('code') ?? '',
      redirect_uri,
      code_verifier: verifier,
    });
    const tokens = (await exchanged.json()) as Tokens;
    const claims = await verified(tokens.access_token);
    expect(claims).toMatchObject({
      sub: 'user-admin',
      scope: 'reports:read appointments:read',
      amr,
      name: 'Ada Admin',
      email: 'ada@example.com',
      sid: expect.any(String) as string,
      auth_time: expect.any(Number) as number,
    });
    const refreshed = await browse(token_endpoint, {
      grant_type: 'refresh_token',
      client_id: clientId,
      refresh_token: tokens.refresh_token,
    });
    const again = (await refreshed.json()) as Tokens;
    expect(await verified(again.access_token)).toMatchObject({
      sub: 'user-admin',
      amr,
      sid: claims.sid,
    });
    expect(userinfo_endpoint).toMatch(/\/identity\/me$/);
  });

  it('refuses an authorization without PKCE', async () => {
    const { authorization_endpoint } = await discover();
    const query = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: 'http://127.0.0.1:5173/callback',
    });
    const response = await fetch(`${authorization_endpoint}?${query.toString()}`, { redirect: 'manual' });
    expect(response.headers.get('location')).toMatch(/error=invalid_request/);
  });
});

// An identity provider whose keys are ours: it counts who asks for them, and signs whatever it is told, right and wrong.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  type GenerateKeyPairResult,
  type JWTHeaderParameters,
} from 'jose';

export class IdentityStub {
  /** How often its keys were asked for. */
  fetches = 0;
  /** How often any other of its addresses was asked for: where forged tokens say that their key is. */
  lured = 0;
  private generation = 1;

  private constructor(
    private keys: GenerateKeyPairResult,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  static async start(): Promise<IdentityStub> {
    const server = createServer();
    const stub = new IdentityStub(await generateKeyPair('RS256', { extractable: true }), server);
    server.on('request', (request, response) => {
      if (request.url === '/jwks') stub.fetches += 1;
      else stub.lured += 1;
      void stub.jwks().then((jwks) => response.setHeader('content-type', 'application/json').end(jwks));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get kid(): string {
    return `key-${this.generation}`;
  }

  /** What the gateway is told of it. */
  get variables(): Record<string, string> {
    return { OIDC_ISSUER: this.issuer, OIDC_JWKS_URL: `${this.issuer}/jwks`, OIDC_AUDIENCE: 'caregraph' };
  }

  /** From now on it has another key, and no longer the one before. */
  async rotate(): Promise<void> {
    this.keys = await generateKeyPair('RS256', { extractable: true });
    this.generation += 1;
  }

  publicPem = (): Promise<string> => exportSPKI(this.keys.publicKey);

  /** What a good token for an hour says. */
  claims(over: object = {}): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1000);
    return {
      iss: this.issuer,
      aud: 'caregraph',
      sub: '5f0c35a4-0000-4000-8000-00000000a11c',
      sid: 'session-1',
      iat: now,
      exp: now + 3_600,
      ...over,
    };
  }

  header = (over: object = {}): JWTHeaderParameters => ({
    alg: 'RS256',
    kid: this.kid,
    typ: 'at+jwt',
    ...over,
  });

  /** Signed with its own key; good unless something is changed. Claims that are undefined are left out. */
  token(over: object = {}, header: object = {}): Promise<string> {
    return new SignJWT(JSON.parse(JSON.stringify(this.claims(over))) as Record<string, unknown>)
      .setProtectedHeader(this.header(header))
      .sign(this.keys.privateKey);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => {
        resolve();
      });
      this.server.closeAllConnections();
    });
  }

  private async jwks(): Promise<string> {
    const key = { ...(await exportJWK(this.keys.publicKey)), kid: this.kid, alg: 'RS256', use: 'sig' };
    return JSON.stringify({ keys: [key] });
  }
}

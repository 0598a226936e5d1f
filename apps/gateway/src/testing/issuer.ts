// An identity provider for specs: a key of its own, its JWKS over HTTP, and tokens right and wrong.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWTPayload } from 'jose';

export interface Issuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: URL;
  /** The public key as PEM, for forgeries that use it as a shared secret. */
  readonly publicPem: string;
  /** How often the JWKS was fetched. */
  fetches(): number;
  /** A good access token for an hour, with whatever is changed. */
  token(changes?: JWTPayload, header?: Record<string, unknown>): Promise<string>;
  /** From now on there is another key, under another id. */
  rotate(): Promise<void>;
  close(): Promise<void>;
}

export async function startIssuer(): Promise<Issuer> {
  let keys = await generateKeyPair('RS256', { extractable: true });
  let generation = 1;
  let fetches = 0;
  const answer = async (): Promise<string> => {
    const key = { ...(await exportJWK(keys.publicKey)), kid: `key-${generation}`, alg: 'RS256', use: 'sig' };
    return JSON.stringify({ keys: [key] });
  };
  const server = createServer((_request, response) => {
    fetches += 1;
    void answer().then((body) => response.setHeader('content-type', 'application/json').end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const audience = 'caregraph';

  return {
    issuer: origin,
    audience,
    jwksUrl: new URL('/jwks', origin),
    publicPem: await exportSPKI(keys.publicKey),
    fetches: () => fetches,
    token: (changes = {}, header = {}) => {
      const seconds = Math.floor(Date.now() / 1000);
      const claims = {
        iss: origin,
        aud: audience,
        sub: 'account-1',
        iat: seconds,
        exp: seconds + 3_600,
        ...changes,
      };
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: `key-${generation}`, typ: 'at+jwt', ...header })
        .sign(keys.privateKey);
    },
    rotate: async () => {
      keys = await generateKeyPair('RS256', { extractable: true });
      generation += 1;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

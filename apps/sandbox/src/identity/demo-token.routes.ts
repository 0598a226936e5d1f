// Tokens for tools and tests without a browser, and the rotation of keys. Answered on loopback only.
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { importJWK, SignJWT } from 'jose';
import { z } from 'zod';
import { ControlError, parseControl } from '../world/control.js';
import { accessTokenClaims, amrOf, audience } from './claims.js';
import { algorithm, type SigningKeys } from './keys.js';
import { clientId } from './provider.js';
import type { User, Users } from './users.js';

const twelveHours = 12 * 3_600;

const tokenInput = z.strictObject({
  login: z.string().min(1),
  mfa: z.boolean().default(false),
  /** Negative for a token that has expired already. */
  expiresInSeconds: z
    .int()
    .min(-86_400)
    .max(7 * 86_400)
    .default(twelveHours),
  /** How long ago the person logged in, for step-up rules. */
  authenticatedSecondsAgo: z
    .int()
    .min(0)
    .max(7 * 86_400)
    .default(0),
});
type TokenInput = z.infer<typeof tokenInput>;

const rotateInput = z.strictObject({ dropOld: z.boolean().default(false) });

export interface DemoDeps {
  readonly users: Users;
  readonly keys: SigningKeys;
  readonly issuer: () => string;
  /** Called after the keys changed. */
  readonly rotated: () => void;
}

export function demoRoutes(app: FastifyInstance, deps: DemoDeps): void {
  app.post('/demo/token', async (request) => {
    assertLoopback(request);
    const input = parseControl(tokenInput, request.body);
    const user = deps.users.byLogin(input.login);
    if (!user) throw new ControlError(`There is no demo user ${input.login}.`, 404);
    return {
      access_token: await demoToken(deps, user, input),
      token_type: 'Bearer',
      expires_in: input.expiresInSeconds,
      scope: user.scopes.join(' '),
      sub: user.sub,
    };
  });

  app.post('/demo/keys/rotate', async (request) => {
    assertLoopback(request);
    await deps.keys.rotate(parseControl(rotateInput, request.body).dropOld);
    deps.rotated();
    return { kids: deps.keys.all.map(({ kid }) => kid) };
  });
}

/** Times in tokens are real, whatever the world's clock says: the gateway checks them with real time. */
async function demoToken({ keys, issuer }: DemoDeps, user: User, input: TokenInput): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const { newest } = keys;
  const claims = accessTokenClaims(user, {
    amr: amrOf(input.mfa),
    authTime: now - input.authenticatedSecondsAgo,
    sid: randomUUID(),
  });
  const expiresAt = now + input.expiresInSeconds;
  return new SignJWT({
    ...claims,
    ...(user.scopes.length > 0 && { scope: user.scopes.join(' ') }),
    client_id: clientId,
    jti: randomUUID(),
  })
    .setProtectedHeader({ alg: algorithm, typ: 'at+jwt', kid: newest.kid })
    .setIssuer(issuer())
    .setSubject(user.sub)
    .setAudience(audience)
    .setIssuedAt(Math.min(now, expiresAt))
    .setExpirationTime(expiresAt)
    .sign(await importJWK(newest, algorithm));
}

function assertLoopback({ ip }: FastifyRequest): void {
  if (/^(127\.|::1$|::ffff:127\.)/.test(ip)) return;
  throw new ControlError('Demo tokens are given on loopback only.', 403);
}

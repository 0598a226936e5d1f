// Who is asking. The gateway signs it for one subgraph, one body and 60 seconds; subgraphs believe nothing else.
import { createHmac, hash, randomUUID } from 'node:crypto';
import { jwtVerify } from 'jose';
import { z } from 'zod';
import { firstOf, type Key } from './ring.js';

export const roles = ['patient', 'provider', 'staff', 'admin', 'support', 'partner', 'system'] as const;
export type Role = (typeof roles)[number];

export const membership = z.object({
  /** Null for a role that spans all practices (support, system). */
  practiceId: z.string().nullable(),
  role: z.enum(roles),
});
export type Membership = z.infer<typeof membership>;

const claims = z.object({
  /** The account; null for somebody not logged in. */
  account: z.string().nullable(),
  memberships: z.array(membership),
  scopes: z.array(z.string()),
  amr: z.array(z.string()),
  authTime: z.number().nullable(),
  /** The login session, or the anonymous session's signed id. */
  sid: z.string().nullable(),
  ip: z.string().nullable(),
  requestId: z.string(),
  /** The caller's Idempotency-Key; counts for one root mutation field. */
  idempotencyKey: z.string().nullable(),
  userAgent: z.string().nullable(),
});
export type Viewer = z.infer<typeof claims>;

/** A key of the ring that the gateway shares with one subgraph. */
export type ViewerKey = Key;

/** How long a viewer token lives, in seconds. */
export const viewerLifetime = 60;

export const bodyHash = (body: string | Uint8Array): string => hash('sha256', body, 'base64url');

/** Signs who is asking, for one subgraph and one body. */
export function signViewer(
  viewer: Viewer,
  options: { readonly audience: string; readonly body: string; readonly keys: Iterable<ViewerKey> },
): Promise<string> {
  const { kid, secret } = firstOf(options.keys);
  const now = Math.floor(Date.now() / 1000);
  const claimed = {
    viewer,
    bodySha256: bodyHash(options.body),
    iss: 'caregraph-gateway',
    aud: options.audience,
    jti: randomUUID(),
    iat: now,
    exp: now + viewerLifetime,
  };
  // A compact JWS by hand: it is made for every call of a subgraph, and Web Crypto takes six times as long for an HMAC.
  const signed = `${encoded({ alg: 'HS256', kid, typ: 'caregraph-viewer' })}.${encoded(claimed)}`;
  return Promise.resolve(`${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`);
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

export class ViewerRejected extends Error {
  override readonly name = 'ViewerRejected';
}

export type ViewerVerifier = (token: string | undefined, body: string | Uint8Array) => Promise<Viewer>;

/**
 * Verifies viewer tokens for one subgraph: signature, audience, age, body, and that this process has not seen it
 * before, so that a recorded call is worth nothing. Throws ViewerRejected without saying which of these failed.
 */
export function viewerVerifier(audience: string, ring: Iterable<ViewerKey>): ViewerVerifier {
  const seen = new Map<string, number>();
  const forget = (nowSeconds: number): void => {
    // Oldest first: a Map keeps the order of insertion, and all live equally long.
    for (const [jti, expires] of seen) {
      if (expires > nowSeconds) return;
      seen.delete(jti);
    }
  };

  return async (token, body) => {
    try {
      const { payload } = await jwtVerify(
        token ?? '',
        ({ kid }) => {
          const key = [...ring].find((each) => each.kid === kid);
          if (!key) throw new Error('unknown key');
          return Buffer.from(key.secret);
        },
        {
          algorithms: ['HS256'],
          typ: 'caregraph-viewer',
          issuer: 'caregraph-gateway',
          audience,
          requiredClaims: ['exp', 'jti'],
        },
      );
      const nowSeconds = Date.now() / 1000;
      forget(nowSeconds);
      if (seen.has(payload.jti ?? '') || payload.bodySha256 !== bodyHash(body))
        throw new Error('replayed or altered');
      seen.set(payload.jti ?? '', payload.exp ?? 0);
      return claims.parse(payload.viewer);
    } catch (cause) {
      throw new ViewerRejected('The caller is not known.', { cause });
    }
  };
}

/** The viewer that jobs and consumers act as. */
export const systemViewer: Viewer = {
  account: null,
  memberships: [{ practiceId: null, role: 'system' }],
  scopes: [],
  amr: [],
  authTime: null,
  sid: null,
  ip: null,
  requestId: 'system',
  idempotencyKey: null,
  userAgent: null,
};

/** Whether the viewer has one of the roles in the practice, or across all practices. */
export const hasRole = (viewer: Viewer, practiceId: string | null, ...wanted: readonly Role[]): boolean =>
  viewer.memberships.some(
    (membership) =>
      wanted.includes(membership.role) &&
      (membership.practiceId === null || membership.practiceId === practiceId),
  );

/** The practices in which the viewer has one of the roles. */
export const practicesOf = (viewer: Viewer, ...wanted: readonly Role[]): string[] =>
  viewer.memberships.flatMap(({ practiceId, role }) =>
    practiceId !== null && wanted.includes(role) ? [practiceId] : [],
  );

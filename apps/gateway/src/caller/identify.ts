// Who is calling: from what a request or a socket presents to the viewer that subgraphs are told.
import type { BlockList } from 'node:net';
import type { IncomingMessage } from 'node:http';
import type { Viewer } from '@caregraph/runtime';
import { badInput } from '@caregraph/subgraph';
import { TokenRejected, type AccessTokenVerifier } from './access-token.js';
import { clientAddress } from './client-address.js';
import { sessionHeader, type AnonymousSessions } from './anonymous-session.js';

export interface Caller {
  readonly viewer: Viewer;
  /** When the access token ends; null for a caller without one. */
  readonly expiresAt: Date | null;
  /** A session id to hand out; null when the caller has one or is logged in. */
  readonly issuedSession: string | null;
}

/** What a caller presents: over HTTP in headers, over a socket in the first message. */
export interface Presented {
  readonly authorization?: unknown;
  readonly session?: unknown;
  readonly idempotencyKey?: unknown;
  readonly requestId: string;
  readonly request: Pick<IncomingMessage, 'socket' | 'headers'>;
}

export type Identify = (presented: Presented) => Promise<Caller>;

export interface IdentifyOptions {
  readonly verify: AccessTokenVerifier;
  readonly sessions: AnonymousSessions;
  readonly trustedProxies: BlockList;
}

/** Throws TokenRejected for a token that is not accepted, and BAD_USER_INPUT for an unusable idempotency key. */
export const identifier =
  (options: IdentifyOptions): Identify =>
  async (presented) => {
    const connection = {
      ip: clientAddress(presented.request, options.trustedProxies),
      requestId: presented.requestId,
      idempotencyKey: idempotencyKeyOf(presented.idempotencyKey),
      userAgent: presented.request.headers['user-agent']?.slice(0, 256) ?? null,
    };
    if (presented.authorization === undefined) {
      const { sid, issued } = options.sessions(
        typeof presented.session === 'string' ? presented.session : undefined,
      );
      const nobody = { account: null, memberships: [], scopes: [], amr: [], authTime: null };
      return { viewer: { ...nobody, sid, ...connection }, expiresAt: null, issuedSession: issued };
    }
    const { expiresAt, ...token } = await options.verify(bearer(presented.authorization));
    const viewer = {
      ...token,
      memberships: [...token.memberships],
      scopes: [...token.scopes],
      amr: [...token.amr],
      ...connection,
    };
    return { viewer, expiresAt, issuedSession: null };
  };

/** What an HTTP request presents. */
export function presentedBy(
  request: Pick<IncomingMessage, 'socket' | 'headers'>,
  requestId: string,
): Presented {
  const { headers } = request;
  return {
    authorization: headers.authorization,
    session: headers[sessionHeader],
    idempotencyKey: headers['idempotency-key'] ?? headers['x-idempotency-key'],
    requestId,
    request,
  };
}

function bearer(authorization: unknown): string {
  const token = /^Bearer +(\S+)$/i.exec(typeof authorization === 'string' ? authorization : '')?.[1];
  if (token === undefined) throw new TokenRejected('The access token is not accepted.');
  return token;
}

function idempotencyKeyOf(presented: unknown): string | null {
  if (presented === undefined) return null;
  if (typeof presented === 'string' && /^[\x21-\x7e]{1,255}$/.test(presented)) return presented;
  throw badInput({ field: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' });
}

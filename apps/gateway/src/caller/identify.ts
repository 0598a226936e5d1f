// Who is calling: from what a request or a socket presents to the viewer that subgraphs are told.
import type { BlockList } from 'node:net';
import type { IncomingMessage } from 'node:http';
import type { Membership, Viewer } from '@caregraph/runtime';
import { badInput } from '@caregraph/subgraph';
import type { Knowledge } from '../known/knowledge.js';
import { accountOfKey, looksLikePartnerKey } from '../known/partner-key.js';
import { TokenRejected, type AccessToken, type AccessTokenVerifier } from './access-token.js';
import { clientAddress } from './client-address.js';
import { sessionHeader, type AnonymousSessions } from './anonymous-session.js';

export interface Caller {
  readonly viewer: Viewer;
  /** When the access token ends; null for a caller without one. */
  readonly expiresAt: Date | null;
  /** A session id to hand out; null when the caller has one or is logged in. */
  readonly issuedSession: string | null;
  /**
   * Who he is by what is known now, for callers who stay connected; fails as identifying him does. Left out for a
   * caller without an account, of whom nothing changes.
   */
  readonly again?: () => Caller | Promise<Caller>;
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
  /** Who may do what: nothing of it is the token's to say. */
  readonly known: Pick<Knowledge, 'isRevoked' | 'membershipsOf' | 'partnerKey'>;
}

type Connection = Pick<Viewer, 'ip' | 'requestId' | 'idempotencyKey' | 'userAgent'>;

/**
 * Throws TokenRejected for a token or key that is not accepted, UNAVAILABLE when it cannot be known, and
 * BAD_USER_INPUT for an unusable idempotency key.
 */
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
    const proof = bearer(presented.authorization);
    if (looksLikePartnerKey(proof)) return byPartnerKey(options, proof, connection);
    return byToken(options, await options.verify(proof), connection);
  };

function byToken(
  options: IdentifyOptions,
  token: AccessToken,
  connection: Connection,
): Caller | Promise<Caller> {
  const { account, scopes, amr, authTime, sid, expiresAt } = token;
  if (options.known.isRevoked(token)) throw notAccepted();
  const callerWith = (memberships: readonly Membership[]): Caller => ({
    viewer: {
      account,
      memberships: [...memberships],
      scopes: [...scopes],
      amr: [...amr],
      authTime,
      sid,
      ...connection,
    },
    expiresAt,
    issuedSession: null,
    again: () => byToken(options, token, connection),
  });
  const memberships = options.known.membershipsOf(account);
  return memberships instanceof Promise ? memberships.then(callerWith) : callerWith(memberships);
}

function byPartnerKey(options: IdentifyOptions, presented: string, connection: Connection): Caller {
  const key = options.known.partnerKey(presented);
  if (!key) throw notAccepted();
  const { id, practiceId, scopes, expiresAt } = key;
  return {
    viewer: {
      account: accountOfKey(id),
      memberships: [{ practiceId, role: 'partner' }],
      scopes: [...scopes],
      amr: [],
      authTime: null,
      sid: null,
      ...connection,
    },
    expiresAt,
    issuedSession: null,
    again: () => byPartnerKey(options, presented, connection),
  };
}

const notAccepted = (): TokenRejected => new TokenRejected('The access token is not accepted.');

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
  if (token === undefined) throw notAccepted();
  return token;
}

function idempotencyKeyOf(presented: unknown): string | null {
  if (presented === undefined) return null;
  if (typeof presented === 'string' && /^[\x21-\x7e]{1,255}$/.test(presented)) return presented;
  throw badInput({ field: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' });
}

// Callers without a login get a session id of ours, signed, so that quotas can tell them apart and none can be made up.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ViewerKey } from '@caregraph/runtime';

export const sessionHeader = 'x-caregraph-session';

export interface AnonymousSession {
  /** The id that subgraphs see. */
  readonly sid: string;
  /** The signed form that the client sends back; null when it sent a good one. */
  readonly issued: string | null;
}

export type AnonymousSessions = (presented: string | undefined) => AnonymousSession;

/** Reads a presented session, or issues one when there is none or it is not ours. Signs with the first key. */
export function anonymousSessions(keys: readonly ViewerKey[]): AnonymousSessions {
  const [signing] = keys;
  if (!signing) throw new Error('No session key.');
  const ring = new Map(keys.map((key) => [key.kid, key]));

  return (presented) => {
    const sid = presented === undefined ? undefined : verified(presented, ring);
    if (sid !== undefined) return { sid, issued: null };
    const fresh = randomBytes(16).toString('base64url');
    return {
      sid: fresh,
      issued: `${fresh}.${signing.kid}.${signature(fresh, signing).toString('base64url')}`,
    };
  };
}

function verified(presented: string, ring: ReadonlyMap<string, ViewerKey>): string | undefined {
  const [, sid = '', kid = '', mac = ''] = /^([\w-]{22})\.([\w-]{1,32})\.([\w-]{43})$/.exec(presented) ?? [];
  const key = ring.get(kid);
  if (!key) return undefined;
  const given = Buffer.from(mac, 'base64url');
  const expected = signature(sid, key);
  return given.length === expected.length && timingSafeEqual(given, expected) ? sid : undefined;
}

const signature = (sid: string, { secret }: ViewerKey): Buffer =>
  createHmac('sha256', secret).update(`anonymous-session:${sid}`).digest();

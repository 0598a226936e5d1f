// Callers without a login get a session id of ours, signed, so that quotas can tell them apart and none can be made up.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { firstOf, type ViewerKey } from '@caregraph/runtime';

export const sessionHeader = 'x-caregraph-session';

export interface AnonymousSession {
  /** The id that subgraphs see. */
  readonly sid: string;
  /** The signed form that the client sends back; null when it sent one that stands as it is. */
  readonly issued: string | null;
}

export type AnonymousSessions = (presented: string | undefined) => AnonymousSession;

/**
 * Reads a presented session, or issues one when there is none or it is not ours. One that an older key of the ring has
 * signed is issued again by the first, under the same id, so that it outlives the older key.
 */
export const anonymousSessions =
  (ring: Iterable<ViewerKey>): AnonymousSessions =>
  (presented) => {
    const signing = firstOf(ring);
    const known = presented === undefined ? undefined : verified(presented, ring);
    if (known?.kid === signing.kid) return { sid: known.sid, issued: null };
    const sid = known?.sid ?? randomBytes(16).toString('base64url');
    return { sid, issued: `${sid}.${signing.kid}.${signature(sid, signing).toString('base64url')}` };
  };

function verified(presented: string, ring: Iterable<ViewerKey>): { sid: string; kid: string } | undefined {
  const [, sid = '', kid = '', mac = ''] = /^([\w-]{22})\.([\w-]{1,32})\.([\w-]{43})$/.exec(presented) ?? [];
  const key = [...ring].find((each) => each.kid === kid);
  if (!key) return undefined;
  const given = Buffer.from(mac, 'base64url');
  const expected = signature(sid, key);
  return given.length === expected.length && timingSafeEqual(given, expected) ? { sid, kid } : undefined;
}

const signature = (sid: string, { secret }: ViewerKey): Buffer =>
  createHmac('sha256', secret).update(`anonymous-session:${sid}`).digest();

// The token by which somebody not logged in proves that a hold is his.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { OfferKey } from '@caregraph/contracts';
import type { Viewer } from '@caregraph/runtime';
import { countsIn } from '../caller/partners.js';
import type { SlotHold } from './hold.js';

/**
 * 128 bit. Derived and not drawn, so that a holder whose first answer was lost gets the same token when he asks again
 * with his idempotency key; we keep only its hash.
 */
export function holdToken(holdId: string, ring: Iterable<OfferKey>): string {
  const [key] = ring;
  if (!key) throw new Error('No offer key.');
  return createHmac('sha256', key.secret)
    .update('caregraph-hold')
    .update(holdId)
    .digest()
    .subarray(0, 16)
    .toString('base64url');
}

/** The token that the hold was made with, whichever key of the ring was the first then; null when it is gone. */
export function tokenOf({ id, tokenHash }: SlotHold, ring: Iterable<OfferKey>): string | null {
  const tokens = [...ring].map((key) => holdToken(id, [key]));
  return tokens.find((token) => hashOf(token) === tokenHash) ?? null;
}

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Whether the hold is the viewer's: his login's, or his who knows the token. A partner's key takes none elsewhere. */
export function holds(viewer: Viewer, hold: SlotHold, token: string | null | undefined): boolean {
  if (!countsIn(viewer, hold.practiceId)) return false;
  if (hold.account !== null && hold.account === viewer.account) return true;
  return token ? timingSafeEqual(Buffer.from(hashOf(token)), Buffer.from(hold.tokenHash)) : false;
}

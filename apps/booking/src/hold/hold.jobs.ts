// A hold expires at its second; a sweep every minute is the net (BK-045, GW-014).
import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { defineJob } from '@caregraph/jobs';
import { planted } from '@caregraph/runtime';
import { releaseTime } from '../claim/claims.js';
import { SlotHold } from './hold.js';

export const expireHold = defineJob('expire-hold', z.object({ holdId: z.uuid() }), {
  description: 'Ends a hold at its second.',
});

export const sweepHolds = defineJob('sweep-holds', z.object({}), {
  description: 'The net behind the exact jobs: ends holds that are past their time, every minute.',
});

/** Ends the hold if its time is over; decided again here, whatever was planned. */
export function endHold(em: EntityManager, holdId: string, now: Date): Promise<void> {
  return em.transactional(async (em) => {
    const hold = await em.findOne(SlotHold, { id: holdId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!planted('hold-never-ends') && hold?.expire(now))
      await releaseTime(em, { ...hold, kind: 'HOLD' }, now);
  });
}

/** The holds that the exact job has missed. */
export const overdueHolds = (em: EntityManager, now: Date): Promise<SlotHold[]> =>
  em.find(
    SlotHold,
    { status: 'ACTIVE', expiresAt: { $lte: now } },
    { limit: 500, orderBy: { expiresAt: 'asc' } },
  );

// Revocations whose sessions are over anyway are forgotten; who keeps copies does the same by `endsAt`.
import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { defineJob } from '@caregraph/jobs';
import { RevokedSession } from './revoked-session.js';

export const forgetRevocationsJob = defineJob('forget-revocations', z.object({}), {
  description: 'Forgets revoked sessions that no living token can belong to any more, every hour.',
});

/** @param realNow tokens know no other time. Returns how many. */
export const forgetRevocations = (em: EntityManager, realNow: Date): Promise<number> =>
  em.nativeDelete(RevokedSession, { endsAt: { $lte: realNow } });

// The kill switch of captures (PY-022): what is due stays due, and is taken once it is off again. Voids and refunds go on.
import type { EntityManager } from '@mikro-orm/postgresql';
import { featureFlagChanged, isKilled } from '@caregraph/contracts';
import { enqueue, type Alone } from '@caregraph/jobs';
import { consumer, flagsSet, keepFlag } from '@caregraph/messaging';
import type { Deps } from '../deps.js';
import { lockAttempt } from './find-payment.js';
import { Payment } from './payment.js';
import { resumeCapturesJob } from './payment.jobs.js';
import { planSteps } from './plan-steps.js';

const flag = 'payment.disable_captures';

export const capturesDisabled = async (em: EntityManager): Promise<boolean> =>
  isKilled(await flagsSet(em), flag);

export const onFeatureFlagChanged = consumer(featureFlagChanged, async ({ em }: Deps, state) => {
  await keepFlag(em, state);
  if (state.flag === flag && !(await capturesDisabled(em)))
    await enqueue(em, resumeCapturesJob, {}, { key: flag });
});

/** Plans anew what waited; each step decides by itself what is still to be done. */
export async function resumeCaptures({ em, now }: Deps, alone: Alone): Promise<void> {
  if (await capturesDisabled(em)) return;
  const waiting = await em
    .fork()
    .find(Payment, { status: 'HELD', goal: { $ne: 'HOLD' } }, { orderBy: { heldUntil: 'asc' } });
  for (const { id } of waiting) {
    await alone(() =>
      em.fork().transactional(async (em) => {
        const found = await lockAttempt(em, { id });
        if (found) await planSteps({ em, now }, found.payment, found.attempt);
      }),
    );
  }
}

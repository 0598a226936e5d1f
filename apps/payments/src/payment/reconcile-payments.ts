// The net behind jobs and webhooks: what has stood still for too long is asked about, or sent, once more. It only plans;
// each job decides by itself whether there is anything to do.
import type { EntityManager } from '@mikro-orm/postgresql';
import { enqueue, type Alone } from '@caregraph/jobs';
import type { Deps } from '../deps.js';
import { Refund } from '../refund/refund.js';
import { lookUpRefundJob, sendRefundJob } from '../refund/refund.jobs.js';
import { PaymentAttempt } from './attempt.js';
import { lockOf } from './find-payment.js';
import { nextStep } from './next-step.js';
import { keyOf, lookUpJob } from './payment.jobs.js';
import { planSteps } from './plan-steps.js';

/** Less is normal: an order takes seconds, a webhook a minute. */
const stillMinutes = 10;
/** More is the next run's. */
const mostAtOnce = 500;
/** A processor answers nothing new about an order that it has not heard of for so long. */
const givenUpDays = 30;

/** @param alone runs one entry, so that its failure does not stop the rest. */
export async function reconcilePayments(deps: Deps, alone: Alone): Promise<void> {
  const before = new Date(deps.now.getTime() - stillMinutes * 60_000);
  const after = new Date(deps.now.getTime() - givenUpDays * 86_400_000);
  const still = { $lt: before, $gt: after };
  const em = deps.em.fork();
  const open = await em.find(
    PaymentAttempt,
    // An order that was refused outright exists nowhere.
    {
      outcome: { $nin: ['CAPTURED', 'VOIDED'] },
      updatedAt: still,
      $not: { outcome: 'FAILED', reference: null },
    },
    { orderBy: { updatedAt: 'asc' }, limit: mostAtOnce },
  );
  for (const { paymentId, number } of open)
    await alone(() => deps.em.fork().transactional((em) => goOn({ ...deps, em }, paymentId, number)));
  const refunds = await em.find(
    Refund,
    { status: 'PENDING', createdAt: still },
    { orderBy: { createdAt: 'asc' }, limit: mostAtOnce },
  );
  for (const refund of refunds) await alone(() => deps.em.fork().transactional((em) => pursue(em, refund)));
  await em.execute('delete from processor_event where received_at < ?', [after], 'run');
}

/** Sends what is to be sent, else asks how it stands. */
async function goOn({ em, now }: Deps, paymentId: string, number: number): Promise<void> {
  const of = { paymentId, attempt: number };
  const found = await lockOf(em, of);
  if (!found || found.attempt.ended) return;
  const { payment, attempt } = found;
  // So that those after it come to their turn in the next run.
  attempt.updatedAt = now;
  const planned = nextStep(payment, attempt).kind !== 'NOTHING';
  // A hold that only waits for booking's answer is asked about once its time is over.
  if (!planned && payment.status === 'HELD' && payment.heldUntil && payment.heldUntil > now) return;
  if (!planned) {
    await enqueue(em, lookUpJob, { ...of, reference: attempt.reference }, { key: keyOf(of) });
  } else {
    await planSteps({ em, now }, payment, attempt);
  }
}

async function pursue(em: EntityManager, { id: refundId, reference }: Refund): Promise<void> {
  if (reference === null) await enqueue(em, sendRefundJob, { refundId }, { key: refundId });
  else await enqueue(em, lookUpRefundJob, { refundId, reference }, { key: refundId });
}

// The hold monitor (PY-020): every hour each hold is compared with the processor, one whose end is near is used or let go
// in good order instead of being lost, and what the processor holds for us without our knowing is looked at.
import { publish } from '@caregraph/messaging';
import { enqueue, type Alone } from '@caregraph/jobs';
import type { Logger } from '@caregraph/runtime';
import type { Deps } from '../deps.js';
import type { PaymentIntentFacts } from '../processor/processor.js';
import { capturesDisabled } from './captures-disabled.js';
import { lockAttempt, lockOf } from './find-payment.js';
import { holdAges } from './hold-ages.policy.js';
import { Payment } from './payment.js';
import { keyOf, lookUpJob } from './payment.jobs.js';
import { planSteps } from './plan-steps.js';

/** Longer than the pause between two looks, or a hold would end between them. */
const nearEndHours = 2;
/** A younger order may still be on its way into our rows, and the processor's search lags behind. */
const orphanMinutes = 60;
const lastDayMs = 24 * 3_600_000;
const mostAtOnce = 500;

/** @param alone runs one entry, so that its failure does not stop the rest. */
export async function watchHolds(deps: Deps, alone: Alone, log: Logger): Promise<void> {
  const { now } = deps;
  const held = await deps.em
    .fork()
    .find(Payment, { status: 'HELD' }, { orderBy: { heldUntil: 'asc' }, limit: mostAtOnce });
  for (const { id } of held) await alone(() => lookAfter(deps, id));
  await alone(async () => {
    for (const facts of await deps.processor.heldOrders(new Date(now.getTime() - orphanMinutes * 60_000)))
      await alone(() => claimOrphan(deps, facts, log));
  });
  await tellWaiting(deps, held, log);
  const since = held.map(({ heldAt, createdAt }) => heldAt ?? createdAt);
  for (const { age, count, level } of holdAges(since, now))
    log[level]({ count, status: age }, 'holds of this age');
}

/** A hold that ends while captures are disabled is money lost, so it is said in time, and louder on the last day. */
async function tellWaiting({ em, now }: Deps, held: readonly Payment[], log: Logger): Promise<void> {
  const waiting = held.filter(({ captureDue }) => captureDue);
  const [first] = waiting;
  if (!first || !(await capturesDisabled(em.fork()))) return;
  const onLastDay = first.heldUntil && first.heldUntil.getTime() - now.getTime() <= lastDayMs;
  log[onLastDay ? 'error' : 'warn'](
    { count: waiting.length, until: first.heldUntil },
    'captures are disabled: holds wait, and the first of them ends then',
  );
}

const lookAfter = (deps: Deps, id: string): Promise<void> =>
  deps.em.fork().transactional(async (em) => {
    const { now } = deps;
    const found = await lockAttempt(em, { id });
    if (found?.payment.status !== 'HELD') return;
    const { payment, attempt } = found;
    const near = payment.heldUntil && payment.heldUntil.getTime() - now.getTime() <= nearEndHours * 3_600_000;
    if (near && payment.goal === 'HOLD') {
      // Booking's deadline for the provider is 12 hours before this, so nobody will take it any more. Said to be lost,
      // a yes that comes after all is refused, and asks for another authorisation (Y-34).
      const event = payment.loseHold(null, now, now);
      if (event) publish(em, event, now);
    }
    if (payment.goal === 'HOLD' && !near) {
      const of = { paymentId: id, attempt: attempt.number };
      await enqueue(em, lookUpJob, { ...of, reference: attempt.reference }, { key: keyOf(of) });
    } else {
      await planSteps({ em, now }, payment, attempt);
    }
  });

/** Held by the processor and not by us: what we know of the order is brought up to date, which voids what is not wanted. */
const claimOrphan = (deps: Deps, facts: PaymentIntentFacts, log: Logger): Promise<void> =>
  deps.em.fork().transactional(async (em) => {
    const { paymentId, attempt: number, reference } = facts;
    const found = await lockOf(em, facts);
    if (!found) {
      log.error({ paymentId }, 'the processor holds money for a payment that does not exist');
      return;
    }
    const { payment, attempt } = found;
    if (payment.status === 'HELD' && payment.attempt === number) return;
    log.warn(
      { paymentId, reference, status: payment.status },
      'the processor holds money that is not held here',
    );
    const of = { paymentId, attempt: number };
    if (attempt.outcome === 'HELD') await planSteps({ em, now: deps.now }, payment, attempt);
    else await enqueue(em, lookUpJob, { ...of, reference }, { key: keyOf(of) });
  });

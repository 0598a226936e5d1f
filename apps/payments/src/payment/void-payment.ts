// Gives up what the processor still holds, or could still come to hold, for an attempt that is over.
import type { Deps } from '../deps.js';
import { remember, send } from '../processor/processor-call.js';
import { lockOf } from './find-payment.js';
import { nextStep } from './next-step.js';
import type { OfAttempt } from './payment.jobs.js';
import { recordPaymentIntent } from './record-payment-intent.js';

export async function voidPayment(deps: Deps, of: OfAttempt): Promise<void> {
  const plan = await deps.em.fork().transactional(async (em) => {
    const found = await lockOf(em, of);
    const step = found && nextStep(found.payment, found.attempt);
    if (step?.kind !== 'VOID' || !found?.attempt.reference) return undefined;
    const { reference, voidCause } = found.attempt;
    const call = await remember(
      em,
      `cancel_${of.paymentId}_${of.attempt}`,
      found.payment.practiceId,
      deps.now,
    );
    return { call, order: { reference, cause: voidCause ?? step.cause } };
  });
  if (!plan) return;

  const facts = await send(deps, plan.call, {
    look: async () => {
      const facts = await deps.processor.read(plan.order.reference);
      return facts?.outcome === 'VOIDED' || facts?.outcome === 'CAPTURED' ? facts : undefined;
    },
    ask: (key) => deps.processor.void(plan.order, key),
  });
  await recordPaymentIntent(deps, facts);
}

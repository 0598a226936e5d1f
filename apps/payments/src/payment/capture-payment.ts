// Takes what is held, or the part of it that the practice keeps of a late cancellation.
import { publish } from '@caregraph/messaging';
import type { Logger } from '@caregraph/runtime';
import type { Deps } from '../deps.js';
import { remember, send } from '../processor/processor-call.js';
import { NotAccepted, type PaymentIntentFacts } from '../processor/processor.js';
import { capturesDisabled } from './captures-disabled.js';
import { lockOf } from './find-payment.js';
import { nextStep } from './next-step.js';
import type { OfAttempt } from './payment.jobs.js';
import { planSteps } from './plan-steps.js';
import { recordPaymentIntent } from './record-payment-intent.js';

export async function capturePayment(deps: Deps, of: OfAttempt, log: Logger): Promise<void> {
  const plan = await deps.em.fork().transactional(async (em) => {
    const found = await lockOf(em, of);
    const step = found && nextStep(found.payment, found.attempt);
    if (step?.kind !== 'CAPTURE' || !found?.attempt.reference) return undefined;
    if (await capturesDisabled(em)) {
      log.warn({ paymentId: of.paymentId }, 'captures are disabled: this one waits');
      return undefined;
    }
    const call = await remember(
      em,
      `capture_${of.paymentId}_${of.attempt}`,
      found.payment.practiceId,
      deps.now,
    );
    return { call, order: { reference: found.attempt.reference, amountMinor: step.amountMinor } };
  });
  if (!plan) return;

  const answer = await send<PaymentIntentFacts | NotAccepted>(deps, plan.call, {
    look: async () => {
      const facts = await deps.processor.read(plan.order.reference);
      return facts?.outcome === 'HELD' ? undefined : facts;
    },
    ask: (key) => deps.processor.capture(plan.order, key),
  });
  if (answer instanceof NotAccepted) await recordCaptureRefused(deps, of, answer);
  else await recordPaymentIntent(deps, answer);
}

/** Still held, and not to be had: another card is needed (Y-33), or the part to be kept is let go. */
const recordCaptureRefused = ({ em, now }: Deps, of: OfAttempt, { code }: NotAccepted): Promise<void> =>
  em.fork().transactional(async (em) => {
    const found = await lockOf(em, of);
    if (!found || nextStep(found.payment, found.attempt).kind !== 'CAPTURE') return;
    const { payment, attempt } = found;
    if (payment.goal === 'CLOSE') payment.waiveKept(now);
    const event = payment.goal === 'CAPTURE' ? payment.failCapture(code, now, now) : undefined;
    if (event) publish(em, event, now);
    await planSteps({ em, now }, payment, attempt);
  });

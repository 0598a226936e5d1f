// Asks the processor to give a refund back: remember, ask, record.
import type { Deps } from '../deps.js';
import { PaymentAttempt } from '../payment/attempt.js';
import { remember, send } from '../processor/processor-call.js';
import { NotAccepted, type RefundFacts } from '../processor/processor.js';
import { recordRefund } from './record-refund.js';
import { Refund } from './refund.js';

export async function sendRefund(deps: Deps, { refundId }: { readonly refundId: string }): Promise<void> {
  const plan = await deps.em.fork().transactional(async (em) => {
    const refund = await em.findOne(Refund, { id: refundId, status: 'PENDING', reference: null });
    const attempt =
      refund && (await em.findOne(PaymentAttempt, { paymentId: refund.paymentId, outcome: 'CAPTURED' }));
    if (!refund || !attempt?.reference) return undefined;
    const call = await remember(em, `refund_${refundId}`, refund.practiceId, deps.now);
    const { paymentId, practiceId, amountMinor } = refund;
    return { call, order: { reference: attempt.reference, refundId, paymentId, practiceId, amountMinor } };
  });
  if (!plan) return;

  const answer = await send<RefundFacts | NotAccepted>(deps, plan.call, {
    look: () => deps.processor.findRefund(plan.order),
    ask: (key) => deps.processor.refund(plan.order, key),
  });
  const refused = (code: string): RefundFacts => ({
    refundId,
    reference: null,
    status: 'FAILED',
    failureCode: code,
  });
  await recordRefund(deps, answer instanceof NotAccepted ? refused(answer.code) : answer);
}

/** A webhook is only a hint: how the refund stands is asked. */
export async function lookUpRefund(deps: Deps, { reference }: { readonly reference: string }): Promise<void> {
  const facts = await deps.processor.readRefund(reference);
  if (facts) await recordRefund(deps, facts);
}

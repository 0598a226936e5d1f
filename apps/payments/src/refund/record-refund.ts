// The only way in which news of a refund enters: the answer to the order, a webhook, and a look all end here.
import { publish } from '@caregraph/messaging';
import type { Deps } from '../deps.js';
import { lockPayment } from '../payment/find-payment.js';
import type { RefundFacts } from '../processor/processor.js';
import { Refund } from './refund.js';

export async function recordRefund({ em, now }: Deps, facts: RefundFacts): Promise<void> {
  await em.fork().transactional(async (em) => {
    const paymentId = (await em.findOne(Refund, { id: facts.refundId }))?.paymentId;
    const payment = paymentId && (await lockPayment(em, { id: paymentId }));
    if (!payment) return;
    // Read again under the payment's lock: somebody may have recorded the same news while we waited for it.
    const refund = await em.findOneOrFail(Refund, { id: facts.refundId }, { refresh: true });
    const wasSettled = refund.status === 'SUCCEEDED';
    if (!refund.learn({ ...facts, at: now })) return;
    const { id, amountMinor } = refund;
    const event =
      refund.status === 'SUCCEEDED'
        ? payment.settleRefund(id, amountMinor, now, now)
        : payment.failRefund({ id, amountMinor, wasSettled }, facts.failureCode, now, now);
    publish(em, event, now);
  });
}

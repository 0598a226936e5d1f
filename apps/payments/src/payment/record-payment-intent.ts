// The only way in which news of the processor enters: the answer to an order, a webhook, and a look all end here. News
// that is old, or known already, changes nothing and publishes nothing.
import { publish } from '@caregraph/messaging';
import type { Deps } from '../deps.js';
import type { PaymentIntentFacts } from '../processor/processor.js';
import { lockOf } from './find-payment.js';
import type { Payment, PaymentEvent } from './payment.js';
import { planSteps } from './plan-steps.js';

export async function recordPaymentIntent(deps: Deps, facts: PaymentIntentFacts): Promise<void> {
  const { now } = deps;
  await deps.em.fork().transactional(async (em) => {
    const found = await lockOf(em, facts);
    if (!found?.attempt.learn(facts.outcome, facts.reference, now)) return;
    const { payment, attempt } = found;
    // News of a card that is no longer tried says nothing about the payment; what is still open there is voided.
    const event =
      attempt.number === payment.attempt ? hear(deps, payment, facts, facts.occurredAt ?? now) : undefined;
    if (event) publish(em, event, now);
    await planSteps({ em, now }, payment, attempt);
  });
}

function hear(
  { sealer, now }: Deps,
  payment: Payment,
  facts: PaymentIntentFacts,
  at: Date,
): PaymentEvent | undefined {
  switch (facts.outcome) {
    case 'PENDING':
      return undefined;
    case 'ACTION_REQUIRED':
      return payment.requireAction(sealedSecret(sealer, facts), at, now);
    case 'FAILED':
      return payment.fail(facts.failure ?? unexplained, at, now);
    case 'HELD':
      return payment.hold(facts.heldUntil ?? at, at, now);
    case 'CAPTURED':
      return payment.capture(facts.capturedAmountMinor, at, now);
    case 'VOIDED':
      return payment.loseHold(null, at, now) ?? payment.fail(unexplained, at, now);
  }
}

function sealedSecret(
  sealer: Deps['sealer'],
  { clientSecret, paymentId }: PaymentIntentFacts,
): string | null {
  return clientSecret === null ? null : sealer.seal(clientSecret, secretContext(paymentId));
}

const unexplained = { code: null, retryable: true };

/** What a client secret is sealed for. */
export const secretContext = (paymentId: string): string => `payment:${paymentId}:client-secret`;

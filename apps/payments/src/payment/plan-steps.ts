// Plans what must be asked of the processor next, in the transaction that made it necessary.
import type { EntityManager } from '@mikro-orm/postgresql';
import { enqueue } from '@caregraph/jobs';
import type { Deps } from '../deps.js';
import { openCancellationRefund } from '../refund/open-refund.js';
import type { PaymentAttempt } from './attempt.js';
import { nextStep } from './next-step.js';
import { captureJob, holdJob, keyOf, lookUpJob, voidJob } from './payment.jobs.js';
import type { Payment } from './payment.js';

/** A hold's end is looked up a little after it, since the processor needs a moment itself. */
const lapseLookMs = 60_000;

export async function planSteps(
  deps: Pick<Deps, 'em' | 'now'>,
  payment: Payment,
  attempt: PaymentAttempt,
): Promise<void> {
  await planStep(deps.em, payment, attempt);
  if (payment.status === 'HELD' && payment.heldUntil && attempt.number === payment.attempt) {
    const at = { paymentId: payment.id, attempt: attempt.number };
    const runAt = new Date(payment.heldUntil.getTime() + lapseLookMs);
    await enqueue(
      deps.em,
      lookUpJob,
      { ...at, reference: attempt.reference },
      { key: `${keyOf(at)}:lapse`, runAt },
    );
  }
  await openCancellationRefund(deps, payment);
}

async function planStep(em: EntityManager, payment: Payment, attempt: PaymentAttempt): Promise<void> {
  const data = { paymentId: payment.id, attempt: attempt.number };
  const options = { key: keyOf(data) };
  const step = nextStep(payment, attempt);
  switch (step.kind) {
    case 'HOLD':
      return enqueue(em, holdJob, data, options);
    case 'CAPTURE':
      return enqueue(em, captureJob, data, options);
    case 'VOID':
      // Kept from the first time on, so that the order is the same each time it is sent.
      attempt.voidCause ??= step.cause;
      return enqueue(em, voidJob, data, options);
    case 'NOTHING':
      return undefined;
  }
}

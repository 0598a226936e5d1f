// Asks the processor to hold the amount on the card: remember, ask, record.
import type { Deps } from '../deps.js';
import { customerOf } from '../processor/customer.js';
import { remember, send, wasSent, type Remembered } from '../processor/processor-call.js';
import { NotAccepted, type PaymentIntentFacts } from '../processor/processor.js';
import { lockOf, type PaymentWithAttempt } from './find-payment.js';
import { lookUpPayment } from './look-up-payment.js';
import { nextStep } from './next-step.js';
import type { OfAttempt } from './payment.jobs.js';
import { recordPaymentIntent } from './record-payment-intent.js';

type Plan =
  | { readonly kind: 'ASK'; readonly found: PaymentWithAttempt; readonly call: Remembered }
  | { readonly kind: 'LOOK' };

export async function holdPayment(deps: Deps, of: OfAttempt): Promise<void> {
  const plan = await planHold(deps, of);
  if (!plan) return;
  if (plan.kind === 'LOOK') return lookUpPayment(deps, { ...of, reference: null });

  const { payment, attempt } = plan.found;
  const customer = await customerOf(deps, payment);
  const answer = await send(deps, plan.call, {
    look: () => deps.processor.findHold({ customer, ...of }),
    ask: (key): Promise<PaymentIntentFacts | NotAccepted> =>
      deps.processor.hold(
        {
          customer,
          paymentMethodId: attempt.paymentMethodId,
          amountMinor: payment.amountMinor,
          currency: payment.currency,
          description: payment.description,
          transferGroup: payment.bookingNumber,
          metadata: metadataOf(plan.found),
        },
        key,
      ),
  });
  await recordPaymentIntent(deps, answer instanceof NotAccepted ? refused(of, answer) : answer);
}

const planHold = ({ em, now }: Deps, of: OfAttempt): Promise<Plan | undefined> =>
  em.fork().transactional(async (em) => {
    const found = await lockOf(em, of);
    if (found?.attempt.outcome !== 'PENDING') return undefined;
    const id = `hold_${of.paymentId}_${of.attempt}`;
    if (nextStep(found.payment, found.attempt).kind === 'HOLD') {
      return { kind: 'ASK', found, call: await remember(em, id, found.payment.practiceId, now) };
    }
    // Closed meanwhile. If the order was sent and its answer lost, something may be held that must be found and voided.
    return (await wasSent(em, id)) ? { kind: 'LOOK' } : undefined;
  });

/** By these the processor's records are matched with ours. What the visit is for is told by an id only, never by name. */
const metadataOf = ({ payment, attempt }: PaymentWithAttempt): Record<string, string> => ({
  bookingId: payment.appointmentId,
  bookingNumber: payment.bookingNumber,
  bookingType: payment.bookingType,
  providerId: payment.providerId,
  patientId: payment.patientId,
  practiceId: payment.practiceId,
  appointmentTypeId: payment.appointmentTypeId,
  paymentId: payment.id,
  attempt: String(attempt.number),
});

/** The order itself was wrong, an unknown card for example: nothing exists at the processor. */
const refused = (of: OfAttempt, { code }: NotAccepted): PaymentIntentFacts => ({
  ...of,
  reference: null,
  outcome: 'FAILED',
  capturedAmountMinor: 0,
  heldUntil: null,
  clientSecret: null,
  failure: { code, retryable: false },
  occurredAt: null,
});

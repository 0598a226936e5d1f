// Payments' events that somebody must be told of, or waited for.
import {
  paymentCaptured,
  paymentCaptureFailed,
  paymentRestated,
  type PaymentState,
} from '@caregraph/contracts';
import { consumer } from '@caregraph/messaging';
import { keep } from '../copies/keep.js';
import { lockAppointment } from '../copies/keep-appointment.js';
import { KnownAppointment, KnownPayment } from '../copies/known.js';
import type { Deps } from '../deps.js';
import { planMessages } from './plan-messages.js';
import { tellConfirmed } from './tell-confirmed.js';

export const onPaymentCaptured = consumer(paymentCaptured, async (deps: Deps, payment) => {
  const appointment = await note(deps, payment, true);
  if (appointment) await tellConfirmed(deps, appointment);
});

/** The appointment stands (the provider said yes), so its patient is asked for another card. */
export const onPaymentCaptureFailed = consumer(paymentCaptureFailed, async (deps: Deps, payment) => {
  const appointment = await note(deps, payment, false);
  if (appointment) await planMessages(deps, appointment, 'payment-capture-failed');
});

/** Said again for the copy alone: nobody is told of it. */
export const onPaymentRestated = consumer(paymentRestated, (deps: Deps, payment) =>
  note(deps, payment, payment.capturedAmountMinor > 0),
);

/** The appointment, if it is known and the payment is news. */
async function note(
  { em }: Deps,
  payment: PaymentState,
  captured: boolean,
): Promise<KnownAppointment | null> {
  const { appointmentId: id, practiceId, version } = payment;
  await lockAppointment(em, id);
  const kept = await keep(em, KnownPayment, { id, practiceId, version, captured });
  return kept ? em.findOne(KnownAppointment, { id }) : null;
}

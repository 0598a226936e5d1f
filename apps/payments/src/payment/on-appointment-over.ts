// The appointment is off. Booking sends the share that goes back; what becomes of the money follows from how far it
// got: a hold is voided or its fee part captured, what is captured is refunded, nothing yet is closed (Y-35).
import {
  appointmentCancelled,
  appointmentDeclined,
  appointmentExpired,
  appointmentPaymentFailed,
  type AppointmentState,
} from '@caregraph/contracts';
import { consumer, publish } from '@caregraph/messaging';
import { keepAccess } from '../access/appointment-access.js';
import type { Deps } from '../deps.js';
import { lockAttempt } from './find-payment.js';
import type { CloseCause, Payment, PaymentEvent } from './payment.js';
import { planSteps } from './plan-steps.js';

export const onAppointmentDeclined = consumer(appointmentDeclined, (deps: Deps, appointment) =>
  closePayment(deps, appointment, 'DECLINED', appointment.refundBasisPoints),
);

export const onAppointmentExpired = consumer(appointmentExpired, (deps: Deps, appointment) =>
  closePayment(deps, appointment, 'EXPIRED', appointment.refundBasisPoints),
);

export const onAppointmentCancelled = consumer(appointmentCancelled, (deps: Deps, appointment) =>
  closePayment(deps, appointment, appointment.cause, appointment.refundBasisPoints),
);

/** Booking waits no longer for this card; whatever it still brings is voided (Y-28). */
export const onAppointmentPaymentFailed = consumer(appointmentPaymentFailed, (deps: Deps, appointment) =>
  settle(deps, appointment, (payment) => payment.giveUp(deps.now)),
);

const closePayment = (
  deps: Deps,
  appointment: AppointmentState,
  cause: CloseCause,
  refundBasisPoints: number,
): Promise<void> => settle(deps, appointment, (payment) => payment.close(cause, refundBasisPoints, deps.now));

async function settle(
  deps: Deps,
  appointment: AppointmentState,
  verb: (payment: Payment) => PaymentEvent | undefined,
): Promise<void> {
  await keepAccess(deps.em, appointment);
  const found = await lockAttempt(deps.em, { appointmentId: appointment.appointmentId });
  if (!found) return;
  const event = verb(found.payment);
  if (event) publish(deps.em, event, deps.now);
  await planSteps(deps, found.payment, found.attempt);
}

// The patient tries another card after a failed payment, or after a hold that lapsed.
import { appointmentPaymentRequested } from '@caregraph/contracts';
import { consumer } from '@caregraph/messaging';
import { keepAccess } from '../access/appointment-access.js';
import type { Deps } from '../deps.js';
import { lockPayment } from './find-payment.js';
import { beginAttempt } from './on-appointment-requested.js';

export const onAppointmentPaymentRequested = consumer(
  appointmentPaymentRequested,
  async (deps: Deps, appointment) => {
    await keepAccess(deps.em, appointment);
    const payment = await lockPayment(deps.em, { appointmentId: appointment.appointmentId });
    // One that stands already is captured as soon as it is held.
    const confirmed = appointment.status === 'CONFIRMED';
    if (!payment?.tryAgain(appointment.attempt, confirmed, deps.now)) return;
    await beginAttempt(deps, payment, appointment.paymentMethodId);
  },
);

// Booking's events: each is a cause, and each brings the appointment's whole state.
import {
  appointmentAwaitingProvider,
  appointmentCancelled,
  appointmentConfirmed,
  appointmentDeclined,
  appointmentExpired,
  appointmentExpiryNeared,
  appointmentPaymentFailed,
  appointmentPaymentRequested,
  appointmentRequested,
  appointmentRescheduled,
  appointmentUpdated,
  appointmentVerificationRequested,
  type AppointmentExpired,
  type AppointmentState,
} from '@caregraph/contracts';
import { consumer, type Consumer } from '@caregraph/messaging';
import { keepAppointment, lockAppointment } from '../copies/keep-appointment.js';
import type { Deps } from '../deps.js';
import { planReminders } from '../reminder/plan-reminders.js';
import type { Cause } from './messages.policy.js';
import { planMessages } from './plan-messages.js';
import { tellConfirmed } from './tell-confirmed.js';

/** Nobody was told of an appointment that was never paid, beyond the failed payment. */
const causeOfExpiry = ({ cause }: AppointmentExpired): Cause =>
  cause === 'PAYMENT_ABANDONED' ? 'appointment-payment-abandoned' : 'appointment-expired';

const hear =
  (cause: Cause) =>
  (deps: Deps, state: AppointmentState): Promise<void> =>
    hearOfAppointment(deps, state, cause);

export const onAppointmentChanged: readonly Consumer<Deps>[] = [
  consumer(appointmentRequested, hear('appointment-requested')),
  consumer(appointmentPaymentRequested, hear('appointment-payment-requested')),
  consumer(appointmentVerificationRequested, hear('appointment-verification-requested')),
  consumer(appointmentAwaitingProvider, hear('appointment-awaiting-provider')),
  consumer(appointmentExpiryNeared, hear('appointment-expiry-neared')),
  consumer(appointmentConfirmed, hear('appointment-confirmed')),
  consumer(appointmentDeclined, hear('appointment-declined')),
  consumer(appointmentCancelled, hear('appointment-cancelled')),
  consumer(appointmentExpired, (deps: Deps, state) => hearOfAppointment(deps, state, causeOfExpiry(state))),
  consumer(appointmentPaymentFailed, hear('appointment-payment-failed')),
  consumer(appointmentRescheduled, hear('appointment-rescheduled')),
  consumer(appointmentUpdated, hear('appointment-updated')),
];

async function hearOfAppointment(deps: Deps, state: AppointmentState, cause: Cause): Promise<void> {
  await lockAppointment(deps.em, state.appointmentId);
  const appointment = await keepAppointment(deps.em, state);
  if (!appointment) return;
  if (cause === 'appointment-confirmed') await tellConfirmed(deps, appointment);
  else await planMessages(deps, appointment, cause);
  await planReminders(deps, appointment);
}

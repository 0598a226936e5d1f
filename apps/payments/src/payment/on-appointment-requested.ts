// A time was taken: its money is held, unless nothing is due.
import { randomUUID } from 'node:crypto';
import { appointmentRequested, type AppointmentRequested } from '@caregraph/contracts';
import { consumer } from '@caregraph/messaging';
import { keepAccess } from '../access/appointment-access.js';
import { KnownPractice } from '../catalogue/known-practice.js';
import type { Deps } from '../deps.js';
import { PaymentAttempt } from './attempt.js';
import { Payment } from './payment.js';
import { planSteps } from './plan-steps.js';

export const onAppointmentRequested = consumer(appointmentRequested, async (deps: Deps, appointment) => {
  await keepAccess(deps.em, appointment);
  await openPayment(deps, appointment);
});

async function openPayment(deps: Deps, appointment: AppointmentRequested): Promise<void> {
  const { em, now } = deps;
  const { appointmentId, paymentMethodId, price, paymentMode } = appointment;
  if (paymentMode === 'AT_VISIT' || price.amountMinor === 0 || paymentMethodId === null) return;
  if (await em.count(Payment, { appointmentId })) return;
  const practice = await em.findOne(KnownPractice, { id: appointment.practiceId });

  const payment = new Payment();
  payment.id = randomUUID();
  payment.practiceId = appointment.practiceId;
  payment.appointmentId = appointmentId;
  payment.bookingNumber = appointment.bookingNumber;
  payment.bookingType = appointment.mode;
  payment.providerId = appointment.providerId;
  payment.patientId = appointment.patientId;
  payment.appointmentTypeId = appointment.appointmentTypeId;
  // Not what the visit is for: the processor, and whoever reads the card's statement, must not learn it.
  payment.description = practice ? `Appointment with ${practice.name}` : 'Appointment';
  payment.amountMinor = price.amountMinor;
  payment.currency = price.currency;
  payment.begin(now);
  em.persist(payment);
  await beginAttempt(deps, payment, paymentMethodId);
}

/** The card of the payment's present attempt; the processor is asked once the transaction commits. */
export async function beginAttempt(deps: Deps, payment: Payment, paymentMethodId: string): Promise<void> {
  const attempt = new PaymentAttempt();
  attempt.id = randomUUID();
  attempt.practiceId = payment.practiceId;
  attempt.paymentId = payment.id;
  attempt.number = payment.attempt;
  attempt.paymentMethodId = paymentMethodId;
  attempt.createdAt = attempt.updatedAt = deps.now;
  deps.em.persist(attempt);
  await planSteps(deps, payment, attempt);
}

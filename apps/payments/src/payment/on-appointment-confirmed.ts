// The appointment stands: what is held is captured (PY-010).
import { appointmentConfirmed } from '@caregraph/contracts';
import { consumer, publish } from '@caregraph/messaging';
import { keepAccess } from '../access/appointment-access.js';
import type { Deps } from '../deps.js';
import { lockAttempt } from './find-payment.js';
import { planSteps } from './plan-steps.js';

export const onAppointmentConfirmed = consumer(appointmentConfirmed, async (deps: Deps, appointment) => {
  await keepAccess(deps.em, appointment);
  const found = await lockAttempt(deps.em, { appointmentId: appointment.appointmentId });
  if (!found) return;
  const event = found.payment.askCapture(deps.now);
  if (event) publish(deps.em, event, deps.now);
  await planSteps(deps, found.payment, found.attempt);
});

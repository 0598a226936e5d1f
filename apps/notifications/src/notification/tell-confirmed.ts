// The confirmation goes out when the last of what it waits for is known, whichever event that is.
import { KnownPayment, type KnownAppointment } from '../copies/known.js';
import type { Deps } from '../deps.js';
import { confirmedForGood } from './messages.policy.js';
import { planMessages } from './plan-messages.js';

export async function tellConfirmed(deps: Deps, appointment: KnownAppointment): Promise<void> {
  const payment = await deps.em.findOne(KnownPayment, { id: appointment.id });
  if (confirmedForGood(appointment, payment?.captured ?? false)) {
    await planMessages(deps, appointment, 'appointment-confirmed');
  }
}

// A reminder's time has come: the own copy decides whether there is still something to remind of.
import { planted } from '@caregraph/runtime';
import { lockAppointment } from '../copies/keep-appointment.js';
import { KnownAppointment } from '../copies/known.js';
import type { Deps } from '../deps.js';
import type { Recipient } from '../notification/messages.policy.js';
import { planMessageTo } from '../notification/plan-messages.js';

interface Planned {
  readonly appointmentId: string;
  readonly recipient: Recipient;
  readonly start: string;
}

/** Queues the message; it is looked at once more when it leaves. */
export function sendReminder(deps: Deps, { appointmentId, recipient, start }: Planned): Promise<void> {
  return deps.em.transactional(async (em) => {
    await lockAppointment(em, appointmentId);
    const appointment = await em.findOne(KnownAppointment, { id: appointmentId });
    const stillOn = appointment?.status === 'CONFIRMED' && appointment.start.toISOString() === start;
    if (!appointment || (!stillOn && !planted('reminder-unchecked'))) return;
    await planMessageTo({ ...deps, em }, appointment, 'appointment-reminder-24h', recipient);
  });
}

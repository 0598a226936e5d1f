// Keeps the planned reminders in step with the appointment: one job per recipient, planned anew for another start,
// taken back when the appointment is no longer on (I8). The state decides, whatever event brought it.
import { cancelJob, enqueue } from '@caregraph/jobs';
import type { KnownAppointment } from '../copies/known.js';
import type { Deps } from '../deps.js';
import { ruleOf } from '../notification/messages.policy.js';
import { remind } from '../notification/notification.jobs.js';
import { newNotification } from '../notification/plan-messages.js';
import { reminderAt } from './reminder.policy.js';

const cause = 'appointment-reminder-24h';

/** The caller holds the appointment's lock. */
export async function planReminders(deps: Deps, appointment: KnownAppointment): Promise<void> {
  const wanted = appointment.status === 'CONFIRMED' ? appointment.start : null;
  if (wanted?.getTime() === appointment.remindersFor?.getTime()) return;
  appointment.remindersFor = wanted;
  for (const message of ruleOf(cause).messages) {
    const { em, now } = deps;
    const key = `${appointment.id}:${message.recipient}`;
    const runAt = wanted && reminderAt(wanted, now);
    if (wanted && runAt) {
      const start = wanted.toISOString();
      await enqueue(em, remind, { appointmentId: appointment.id, recipient: message.recipient, start }, { runAt, key });
      continue;
    }
    await cancelJob(em, remind, key);
    if (!wanted) continue;
    const skipped = await newNotification(deps, appointment, cause, message);
    skipped?.skip('LESS_THAN_A_DAY_AHEAD', now);
  }
}

// Keeps the planned reminders in step with the appointment: one job per recipient, planned anew for another start,
// taken back when the appointment is no longer on (I8). The state decides, whatever event brought it.
import { cancelJob, enqueue } from '@caregraph/jobs';
import { planted } from '@caregraph/runtime';
import type { KnownAppointment } from '../copies/known.js';
import type { Deps } from '../deps.js';
import { ruleOf, type Message } from '../notification/messages.policy.js';
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
    if (wanted) await plan(deps, appointment, message);
    else if (!planted('reminder-unchecked')) await cancelJob(deps.em, remind, keyOf(appointment, message));
  }
}

/** In place of the job for an earlier start, if there was one. */
async function plan(deps: Deps, appointment: KnownAppointment, message: Message): Promise<void> {
  const { em, now } = deps;
  const { id: appointmentId, start } = appointment;
  const key = keyOf(appointment, message);
  const runAt = reminderAt(start, now);
  if (runAt) {
    const data = { appointmentId, recipient: message.recipient, start: start.toISOString() };
    await enqueue(em, remind, data, { runAt, key });
    return;
  }
  await cancelJob(em, remind, key);
  const skipped = await newNotification(deps, appointment, cause, message);
  skipped?.skip('LESS_THAN_A_DAY_AHEAD', now);
}

const keyOf = ({ id }: KnownAppointment, { recipient }: Message): string => `${id}:${recipient}`;

// The net behind the exact jobs (NT-040): reminders that are due and were not queued, and messages that are queued and
// of which no job is left. All it does has its own guard, so a sweep beside a late job sends nothing twice.
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Alone } from '@caregraph/jobs';
import { KnownAppointment } from '../copies/known.js';
import type { Deps } from '../deps.js';
import { reminderHours } from '../reminder/reminder.policy.js';
import { sendReminder } from '../reminder/send-reminder.js';
import { ruleOf } from './messages.policy.js';
import { Notification } from './notification.js';
import { queue } from './plan-messages.js';

const minute = 60_000;
/** The exact job has had its chance. */
const graceMinutes = 1;
/** Longer than the longest pause between two tries. */
const stuckMinutes = 20;
const mostAtOnce = 500;

/** @param alone runs one entry, so that its failure does not stop the rest. */
export async function sweepNotifications(deps: () => Deps, alone: Alone): Promise<void> {
  const { em, now } = deps();
  for (const { id: appointmentId, start } of await unremindedOf(em, now)) {
    for (const { recipient } of ruleOf('appointment-reminder-24h').messages) {
      await alone(() => sendReminder(deps(), { appointmentId, recipient, start: start.toISOString() }));
    }
  }
  for (const { id } of await stuckOf(em, now)) await alone(() => queueAgain(deps(), id));
}

/** Reminders were planned for them and are due; not all recipients have one. */
async function unremindedOf(em: EntityManager, now: Date): Promise<KnownAppointment[]> {
  const due = new Date(now.getTime() + reminderHours * 60 * minute - graceMinutes * minute);
  const rows = await em.execute<{ id: string }[]>(
    `select a.id from known_appointment a
      where a.status = 'CONFIRMED' and a.reminders_for = a.start_at and a.start_at > ? and a.start_at <= ?
        and (select count(distinct n.recipient) from notification n
              where n.appointment_id = a.id and n.cause = 'appointment-reminder-24h'
                and n.occurrence like to_char(a.start_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '%') < ?
      order by a.start_at limit ?`,
    [now, due, ruleOf('appointment-reminder-24h').messages.length, mostAtOnce],
  );
  return em.find(KnownAppointment, { id: { $in: rows.map(({ id }) => id) } });
}

const stuckOf = (em: EntityManager, now: Date): Promise<Notification[]> =>
  em.find(
    Notification,
    { status: 'QUEUED', updatedAt: { $lt: new Date(now.getTime() - stuckMinutes * minute) } },
    { orderBy: { updatedAt: 'asc' }, limit: mostAtOnce },
  );

/** It decides for itself whether to send, to settle a lost call or to do nothing. */
const queueAgain = (deps: Deps, id: string): Promise<void> =>
  deps.em.transactional(async (em) => {
    await queue({ ...deps, em }, await em.findOneOrFail(Notification, { id }));
  });

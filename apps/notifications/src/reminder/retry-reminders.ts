// Reminders that failed are sent once more, an hour later, while there is still something to remind of (NT-039).
import type { EntityManager } from '@mikro-orm/postgresql';
import { lockAppointment } from '../copies/keep-appointment.js';
import { KnownAppointment } from '../copies/known.js';
import type { Deps } from '../deps.js';
import { stillTrue } from '../notification/messages.policy.js';
import { Notification } from '../notification/notification.js';
import { copiesOf, sendAgain } from '../notification/send-again.js';

const cause = 'appointment-reminder-24h';
const pauseMinutes = 60;
const mostRetries = 2;
const mostAtOnce = 500;
/** No reminder is still true so long after it was due. */
const keptHours = 48;
/** It may have arrived, and twice is worse than not at all; or the address is one that mail must not go to. */
const final = ['OUTCOME_UNKNOWN', 'DROPPED'];

/** Reminders whose last try failed an hour ago or longer. */
export async function failedReminders(em: EntityManager, now: Date): Promise<string[]> {
  const before = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);
  const updatedAt = { $lte: before(pauseMinutes), $gt: before(keptHours * 60) };
  const failed = await em.find(
    Notification,
    { cause, status: 'FAILED', reason: { $nin: final }, updatedAt },
    { orderBy: { updatedAt: 'asc' }, limit: mostAtOnce },
  );
  return failed.map(({ id }) => id);
}

/** Decides again under the appointment's lock: twice at most, never beside a later copy, and only what is still true. */
export function retryReminder(deps: Deps, notificationId: string): Promise<void> {
  return deps.em.transactional(async (em) => {
    const scoped = { ...deps, em };
    const { appointmentId } = await em.findOneOrFail(Notification, { id: notificationId });
    await lockAppointment(em, appointmentId);
    const failed = await em.findOneOrFail(Notification, { id: notificationId }, { refresh: true });
    const appointment = await em.findOneOrFail(KnownAppointment, { id: appointmentId });
    const copies = await copiesOf(scoped, failed);
    const isLast = copies.at(-1)?.id === failed.id;
    if (failed.status !== 'FAILED' || !isLast || copies.length > mostRetries) return;
    if (stillTrue(failed, appointment, deps.now)) await sendAgain(scoped, failed);
  });
}

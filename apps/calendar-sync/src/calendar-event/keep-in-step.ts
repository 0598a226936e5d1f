// Keeps an appointment's calendar event in step with the appointment, decided by the whole state that each event of
// booking carries: an event that was skipped is made up for by the next.
import { LockMode } from '@mikro-orm/postgresql';
import type { AppointmentState } from '@caregraph/contracts';
import { planted } from '@caregraph/runtime';
import { lockedConnection } from '../calendar-connection/calendar-connection.entity.js';
import type { Deps } from '../deps.js';
import { CalendarEvent } from './calendar-event.js';
import { presenceOf } from './presence.policy.js';

export async function keepInStep({ em, now }: Deps, appointment: AppointmentState): Promise<void> {
  const presence = presenceOf[appointment.status];
  if (presence === 'UNCHANGED') return;
  // Locked first, as in disconnectCalendar: a calendar given up meanwhile leaves nothing pending behind.
  const connection = await lockedConnection(em, appointment.providerId, LockMode.PESSIMISTIC_READ);
  const calendarEvent = await em.findOne(CalendarEvent, { id: appointment.appointmentId });
  if (presence === 'ABSENT') calendarEvent?.remove(now);
  else if (calendarEvent) calendarEvent.standAt(new Date(appointment.start), new Date(appointment.end), now);
  else {
    const connected = connection !== null && connection.state !== 'NOT_CONNECTED';
    em.persist(CalendarEvent.of(appointment, connected || planted('calendar-assumed'), now));
  }
}

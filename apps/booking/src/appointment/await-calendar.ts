// An instant booking whose provider has a calendar waits ten seconds for it, then the provider decides.
import { enqueue } from '@caregraph/jobs';
import type { Deps } from '../deps.js';
import { doubtCalendar } from './appointment.jobs.js';
import { verificationSeconds, type Appointment } from './appointment.js';

/** Plans the doubt if the appointment now waits for the calendar. */
export async function awaitCalendar({ em, now }: Deps, appointment: Appointment): Promise<void> {
  if (appointment.status !== 'PENDING_PAYMENT') return;
  const runAt = new Date(now.getTime() + verificationSeconds * 1000);
  await enqueue(em, doubtCalendar, { appointmentId: appointment.id }, { runAt, key: appointment.id });
}

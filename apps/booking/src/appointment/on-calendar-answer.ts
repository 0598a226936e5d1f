// What calendar-sync answers when an instant booking asks for the provider's outside calendar (Y-32).
import {
  appointmentTimeConflicted,
  appointmentTimeUnverifiable,
  appointmentTimeVerified,
} from '@caregraph/contracts';
import { cancelJob } from '@caregraph/jobs';
import { consumer } from '@caregraph/messaging';
import { record, type AppointmentEvent } from '../audit/record.js';
import type { Deps } from '../deps.js';
import { system } from './actor.js';
import { freeTime, planEnd } from './appointment-time.js';
import { doubtCalendar } from './appointment.jobs.js';
import type { Appointment } from './appointment.js';
import { locked } from './note-appointment.js';

export const onTimeVerified = consumer(appointmentTimeVerified, (deps: Deps, answer) =>
  settle(deps, answer, (appointment) => appointment.verifyTime(system, deps.now)),
);

export const onTimeUnverifiable = consumer(appointmentTimeUnverifiable, (deps: Deps, answer) =>
  settle(deps, answer, (appointment) => appointment.doubtTime('CALENDAR_STALE', system, deps.now)),
);

export const onTimeConflicted = consumer(appointmentTimeConflicted, async (deps: Deps, answer) => {
  const appointment = await settle(deps, answer, (asked) => asked.conflictTime(system, deps.now));
  if (appointment) await freeTime(deps, appointment);
});

/** Lets the appointment decide; undefined when it no longer waits, or was changed since it asked. */
async function settle(
  deps: Deps,
  answer: { readonly appointmentId: string; readonly version: number },
  decide: (appointment: Appointment) => AppointmentEvent | undefined,
): Promise<Appointment | undefined> {
  const appointment = await locked(deps, answer.appointmentId);
  if (appointment?.version !== answer.version) return undefined;
  const outcome = decide(appointment);
  if (!outcome) return undefined;
  record(deps, appointment, outcome);
  await cancelJob(deps.em, doubtCalendar, appointment.id);
  await planEnd(deps, appointment);
  return appointment;
}

// An appointment's claim on its provider's and rooms' time, and the jobs that end it.
import { cancelJob, enqueue } from '@caregraph/jobs';
import { releaseTime, takeTime, type ClaimedTime, type ClaimOwner } from '../claim/claims.js';
import type { Deps } from '../deps.js';
import { expireAppointment, timeOutPayment } from './appointment.jobs.js';
import type { Appointment } from './appointment.js';

const minute = 60_000;

type Occupied = Pick<Appointment, 'start' | 'end' | 'resourceIds'>;

/**
 * Takes the time for the appointment, buffers included, giving up what it had and the hold it comes from. Call it
 * before the verb that needs it: a verb must not have changed anything when the time turns out to be taken. `at` is
 * where the verb will lead, if that is not where the appointment is. False: somebody else has it.
 */
export const claimTime = (
  { em, now }: Deps,
  appointment: Appointment,
  { insteadOf, at = appointment }: { insteadOf?: string; at?: Occupied } = {},
): Promise<boolean> =>
  // The version that the verb is about to give the appointment.
  takeTime(
    em,
    { ...ownerOf(appointment), version: appointment.version + 1 },
    occupied(appointment, at),
    now,
    insteadOf,
  );

/** Gives the time up, and takes back what was planned for it. */
export async function freeTime({ em, now }: Deps, appointment: Appointment): Promise<void> {
  await releaseTime(em, ownerOf(appointment), now);
  await cancelJob(em, expireAppointment, appointment.id);
  await cancelJob(em, timeOutPayment, appointment.id);
}

/** Plans the end that the appointment now has by itself, if any; replaces what was planned before. */
export async function planEnd({ em }: Deps, appointment: Appointment): Promise<void> {
  const { id: appointmentId, expiresAt, paymentBy } = appointment;
  if (expiresAt)
    await enqueue(em, expireAppointment, { appointmentId }, { runAt: expiresAt, key: appointmentId });
  else await cancelJob(em, expireAppointment, appointmentId);
  if (paymentBy)
    await enqueue(em, timeOutPayment, { appointmentId }, { runAt: paymentBy, key: appointmentId });
  else await cancelJob(em, timeOutPayment, appointmentId);
}

/** From the start less the buffer before, to the end plus the buffer after; its rooms may be others at another time. */
const occupied = (appointment: Appointment, { start, end, resourceIds }: Occupied): ClaimedTime => ({
  subjectIds: [appointment.providerId, ...resourceIds],
  start: new Date(start.getTime() - appointment.bufferBeforeMinutes * minute),
  end: new Date(end.getTime() + appointment.bufferAfterMinutes * minute),
});

const ownerOf = ({ id, practiceId, version }: Appointment): ClaimOwner => ({
  id,
  kind: 'APPOINTMENT',
  practiceId,
  version,
  expiresAt: null,
});

// Appointments that end by themselves: each function decides again from the row, whatever was planned.
import type { EntityManager } from '@mikro-orm/postgresql';
import { record, type AppointmentEvent } from '../audit/record.js';
import type { Deps } from '../deps.js';
import { system } from './actor.js';
import { freeTime, planEnd } from './appointment-time.js';
import { Appointment } from './appointment.js';
import { locked } from './note-appointment.js';

/** Ends a request that nobody answered, or a failed payment that nobody tried again. */
export const expireOverdue = (deps: Deps, appointmentId: string): Promise<void> =>
  end(deps, appointmentId, (appointment) => appointment.expire(system, deps.now));

/** Gives up the time of an appointment that was not paid in time: at booking (Y-28), or after a failed capture (Y-33). */
export const giveUpUnpaid = (deps: Deps, appointmentId: string): Promise<void> =>
  end(deps, appointmentId, (appointment) => appointment.giveUpUnpaid(system, deps.now));

/** Makes an instant booking whose calendar does not answer a request. Its time stays taken. */
export const doubtSilentCalendar = (deps: Deps, appointmentId: string): Promise<void> =>
  deps.em.transactional(async (em) => {
    const scoped = { ...deps, em };
    const appointment = await locked(scoped, appointmentId);
    const outcome = appointment?.doubtTime('CALENDAR_SILENT', system, deps.now);
    if (!appointment || !outcome) return;
    record(scoped, appointment, outcome);
    await planEnd(scoped, appointment);
  });

/** What the exact jobs have missed. Whether an appointment really ends is for it to say. */
export async function overdueAppointments(
  em: EntityManager,
  now: Date,
): Promise<{ expired: string[]; unpaid: string[] }> {
  const first = { limit: 500, fields: ['id'] as const };
  const dayAgo = new Date(now.getTime() - 24 * 3_600_000);
  const expired = await em.find(
    Appointment,
    {
      $or: [
        { status: 'PENDING_CONFIRMATION', confirmationDeadlineAt: { $lte: now } },
        { status: 'PAYMENT_FAILED', $or: [{ paymentFailedAt: { $lte: dayAgo } }, { start: { $lte: now } }] },
      ],
    },
    first,
  );
  const unpaid = await em.find(
    Appointment,
    {
      $or: [
        { status: 'PENDING_PAYMENT', paymentDeadlineAt: { $lte: now }, paymentHeldAt: null },
        { status: 'CONFIRMED', paymentDueAt: { $lte: now } },
      ],
    },
    first,
  );
  return { expired: expired.map(({ id }) => id), unpaid: unpaid.map(({ id }) => id) };
}

function end(
  deps: Deps,
  appointmentId: string,
  decide: (appointment: Appointment) => AppointmentEvent | undefined,
): Promise<void> {
  return deps.em.transactional(async (em) => {
    const scoped = { ...deps, em };
    const appointment = await locked(scoped, appointmentId);
    const outcome = appointment && decide(appointment);
    if (!appointment || !outcome) return;
    await freeTime(scoped, appointment);
    record(scoped, appointment, outcome);
    await planEnd(scoped, appointment);
  });
}

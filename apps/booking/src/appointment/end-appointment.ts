// Appointments that end by themselves: each function decides again from the row, whatever was planned.
import { setTimeout as pause } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { planted } from '@caregraph/runtime';
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

/** Has the provider warned of a request that ends soon. It stays as it is. */
export const nearExpiry = (deps: Deps, appointmentId: string): Promise<void> =>
  deps.em.transactional(async (em) => {
    const scoped = { ...deps, em };
    const appointment = await locked(scoped, appointmentId);
    const outcome = appointment?.nearExpiry(system, deps.now);
    if (appointment && outcome) record(scoped, appointment, outcome);
  });

/** Requests whose provider is to be warned now. */
export async function requestsToWarnOf(em: EntityManager, now: Date): Promise<string[]> {
  const inFourHours = new Date(now.getTime() + 4 * 3_600_000);
  const near = await em.find(
    Appointment,
    {
      status: 'PENDING_CONFIRMATION',
      remindersSent: 0,
      confirmationDeadlineAt: { $gt: now, $lte: inFourHours },
    },
    { limit: 500, orderBy: { confirmationDeadlineAt: 'asc' } },
  );
  return near.filter((one) => one.expiryWarningAt && one.expiryWarningAt <= now).map(({ id }) => id);
}

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
    const appointment = planted('expiry-unguarded')
      ? await em.findOne(Appointment, { id: appointmentId })
      : await locked(scoped, appointmentId);
    const outcome = appointment && decide(appointment);
    if (!appointment || !outcome) return;
    if (planted('expiry-unguarded')) await writeLast(em, appointment);
    await freeTime(scoped, appointment);
    record(scoped, appointment, outcome);
    await planEnd(scoped, appointment);
  });
}

/** Planted: whoever read first writes last, whatever was decided in between. */
async function writeLast(em: EntityManager, { id, version }: Appointment): Promise<void> {
  await pause(1_000);
  await em.execute(`update appointment set status = 'PENDING_CONFIRMATION', version = ? where id = ?`, [
    version - 1,
    id,
  ]);
}

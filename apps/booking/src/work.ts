// Booking's jobs and cron entries: the exact ones at their time, the sweeps as the net behind them.
import { workOn, type CronEntry, type JobRun, type Work } from '@caregraph/jobs';
import type { Logger } from '@caregraph/runtime';
import {
  doubtCalendar,
  expireAppointment,
  sweepAppointments,
  timeOutPayment,
} from './appointment/appointment.jobs.js';
import {
  doubtSilentCalendar,
  expireOverdue,
  giveUpUnpaid,
  overdueAppointments,
} from './appointment/end-appointment.js';
import type { Deps } from './deps.js';
import { endHold, expireHold, overdueHolds, sweepHolds } from './hold/hold.jobs.js';

export const jobs = [
  expireHold,
  sweepHolds,
  expireAppointment,
  timeOutPayment,
  doubtCalendar,
  sweepAppointments,
];

export const cron: CronEntry[] = [
  { job: sweepHolds, cron: '* * * * *', timeZone: 'UTC' },
  { job: sweepAppointments, cron: '*/5 * * * *', timeZone: 'UTC' },
];

/** @param deps makes the dependencies of one run, as the system; `run.now` is never before the job's own time. */
export const work = (deps: (run: JobRun) => Deps, log: Logger): Work[] => [
  workOn(expireHold, ({ holdId }, run) => {
    const { em, now } = deps(run);
    return endHold(em, holdId, now);
  }),
  workOn(expireAppointment, ({ appointmentId }, run) => expireOverdue(deps(run), appointmentId)),
  workOn(timeOutPayment, ({ appointmentId }, run) => giveUpUnpaid(deps(run), appointmentId)),
  workOn(doubtCalendar, ({ appointmentId }, run) => doubtSilentCalendar(deps(run), appointmentId)),
  workOn(sweepHolds, async (_nothing, run) => {
    const { em, now } = deps(run);
    for (const { id } of await overdueHolds(em, now)) await alone(log, () => endHold(deps(run).em, id, now));
  }),
  workOn(sweepAppointments, async (_nothing, run) => {
    const { em, now } = deps(run);
    const { expired, unpaid } = await overdueAppointments(em, now);
    for (const id of expired) await alone(log, () => expireOverdue(deps(run), id));
    for (const id of unpaid) await alone(log, () => giveUpUnpaid(deps(run), id));
  }),
];

/** One failure does not stop the rest of a sweep (BK-074, GW-018). */
async function alone(log: Logger, one: () => Promise<void>): Promise<void> {
  try {
    await one();
  } catch (error) {
    log.error({ err: error }, 'one entry of a sweep failed');
  }
}

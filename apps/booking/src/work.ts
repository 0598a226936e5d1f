// Booking's jobs and cron entries: the exact ones at their time, the sweeps as the net behind them.
import {
  sealAnewCron,
  sealAnewJob,
  sealAnewWork,
  workOn,
  type CronEntry,
  type JobRun,
  type Work,
} from '@caregraph/jobs';
import type { Logger } from '@caregraph/runtime';
import {
  doubtCalendar,
  expireAppointment,
  sweepAppointments,
  timeOutPayment,
  warnOfExpiry,
} from './appointment/appointment.jobs.js';
import {
  doubtSilentCalendar,
  expireOverdue,
  giveUpUnpaid,
  nearExpiry,
  overdueAppointments,
  requestsToWarnOf,
} from './appointment/end-appointment.js';
import type { Deps } from './deps.js';
import { endHold, expireHold, overdueHolds, sweepHolds } from './hold/hold.jobs.js';
import { sealedColumns } from './sealed.js';
import {
  calculateStatistics,
  measureProvider,
  providersToMeasure,
} from './statistics/calculate-statistics.js';

export const jobs = [
  expireHold,
  sweepHolds,
  expireAppointment,
  timeOutPayment,
  doubtCalendar,
  sweepAppointments,
  warnOfExpiry,
  calculateStatistics,
  sealAnewJob,
];

export const cron: CronEntry[] = [
  { job: sweepHolds, cron: '* * * * *', timeZone: 'UTC' },
  { job: sweepAppointments, cron: '*/5 * * * *', timeZone: 'UTC' },
  sealAnewCron,
  { job: warnOfExpiry, cron: '*/30 * * * *', timeZone: 'UTC' },
  { job: calculateStatistics, cron: '5 */6 * * *', timeZone: 'UTC' },
];

/** @param deps makes the dependencies of one run, as the system; `run.now` is never before the job's own time. */
export const work = (deps: (run: JobRun) => Deps, log: Logger): Work[] => [
  sealAnewWork(deps, sealedColumns, log),
  workOn(expireHold, ({ holdId }, run) => {
    const { em, now } = deps(run);
    return endHold(em, holdId, now);
  }),
  workOn(expireAppointment, ({ appointmentId }, run) => expireOverdue(deps(run), appointmentId)),
  workOn(timeOutPayment, ({ appointmentId }, run) => giveUpUnpaid(deps(run), appointmentId)),
  workOn(doubtCalendar, ({ appointmentId }, run) => doubtSilentCalendar(deps(run), appointmentId)),
  workOn(sweepHolds, async (_nothing, run) => {
    const { em, now } = deps(run);
    for (const { id } of await overdueHolds(em, now)) await run.alone(() => endHold(deps(run).em, id, now));
  }),
  workOn(sweepAppointments, async (_nothing, run) => {
    const { em, now } = deps(run);
    const { expired, unpaid } = await overdueAppointments(em, now);
    for (const id of expired) await run.alone(() => expireOverdue(deps(run), id));
    for (const id of unpaid) await run.alone(() => giveUpUnpaid(deps(run), id));
  }),
  workOn(warnOfExpiry, async (_nothing, run) => {
    const { em, now } = deps(run);
    for (const id of await requestsToWarnOf(em, now)) await run.alone(() => nearExpiry(deps(run), id));
  }),
  workOn(calculateStatistics, async (_nothing, run) => {
    const providers = await providersToMeasure(deps(run).em);
    for (const id of providers) await run.alone(() => measureProvider(deps(run), id));
  }),
];

// Notifications' jobs and cron entries: the exact ones at their time, the sweep as the net behind them.
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
  forgetVendorEvents,
  remind,
  retryReminders,
  sendNotification,
  settleNotification,
  sweepQueue,
} from './notification/notification.jobs.js';
import { send, settle, type Sending } from './notification/send.js';
import { sweepNotifications } from './notification/sweep.js';
import { failedReminders, retryReminder } from './reminder/retry-reminders.js';
import { sendReminder } from './reminder/send-reminder.js';
import { sealedColumns } from './sealed.js';
import { forgetOldEvents } from './sendgrid/apply-mail-event.js';

export const jobs = [
  sendNotification,
  settleNotification,
  remind,
  sweepQueue,
  retryReminders,
  forgetVendorEvents,
  sealAnewJob,
];

export const cron: CronEntry[] = [
  { job: sweepQueue, cron: '*/5 * * * *', timeZone: 'UTC' },
  { job: retryReminders, cron: '40 * * * *', timeZone: 'UTC' },
  { job: forgetVendorEvents, cron: '17 3 * * *', timeZone: 'UTC' },
  sealAnewCron,
];

/** @param deps makes the dependencies of one run, as the system; `run.now` is never before the job's own time. */
export const work = (deps: (run: JobRun) => Sending, log: Logger): Work[] => [
  sealAnewWork(deps, sealedColumns, log),
  workOn(sendNotification, ({ notificationId }, run) => send(deps(run), notificationId)),
  workOn(settleNotification, ({ notificationId }, run) => settle(deps(run), notificationId)),
  workOn(remind, (planned, run) => sendReminder(deps(run), planned)),
  workOn(sweepQueue, (_nothing, run) => sweepNotifications(() => deps(run), run.alone)),
  workOn(retryReminders, async (_nothing, run) => {
    const { em, now } = deps(run);
    for (const id of await failedReminders(em, now)) await run.alone(() => retryReminder(deps(run), id));
  }),
  workOn(forgetVendorEvents, (_nothing, run) => forgetOldEvents(deps(run).em, run.now)),
];

// Notifications' jobs and cron entries.
import { workOn, type CronEntry, type JobRun, type Work } from '@caregraph/jobs';
import { forgetVendorEvents, remind, sendNotification, settleNotification } from './notification/notification.jobs.js';
import { send, settle, type Sending } from './notification/send.js';
import { sendReminder } from './reminder/send-reminder.js';
import { forgetOldEvents } from './sendgrid/apply-mail-event.js';

export const jobs = [sendNotification, settleNotification, remind, forgetVendorEvents];

export const cron: CronEntry[] = [{ job: forgetVendorEvents, cron: '17 3 * * *', timeZone: 'UTC' }];

/** @param deps makes the dependencies of one run, as the system; `run.now` is never before the job's own time. */
export const work = (deps: (run: JobRun) => Sending): Work[] => [
  workOn(sendNotification, ({ notificationId }, run) => send(deps(run), notificationId)),
  workOn(settleNotification, ({ notificationId }, run) => settle(deps(run), notificationId)),
  workOn(remind, (planned, run) => sendReminder(deps(run), planned)),
  workOn(forgetVendorEvents, (_nothing, run) => forgetOldEvents(deps(run).em, run.now)),
];

// Notifications' jobs and cron entries: the exact ones at their time, the sweep as the net behind them.
import { workOn, type CronEntry, type JobRun, type Work } from '@caregraph/jobs';
import type { Logger } from '@caregraph/runtime';
import {
  forgetVendorEvents,
  remind,
  sendNotification,
  settleNotification,
  sweepQueue,
} from './notification/notification.jobs.js';
import { send, settle, type Sending } from './notification/send.js';
import { sweepNotifications } from './notification/sweep.js';
import { sendReminder } from './reminder/send-reminder.js';
import { forgetOldEvents } from './sendgrid/apply-mail-event.js';

export const jobs = [sendNotification, settleNotification, remind, sweepQueue, forgetVendorEvents];

export const cron: CronEntry[] = [
  { job: sweepQueue, cron: '*/5 * * * *', timeZone: 'UTC' },
  { job: forgetVendorEvents, cron: '17 3 * * *', timeZone: 'UTC' },
];

/** @param deps makes the dependencies of one run, as the system; `run.now` is never before the job's own time. */
export const work = (deps: (run: JobRun) => Sending, log: Logger): Work[] => [
  workOn(sendNotification, ({ notificationId }, run) => send(deps(run), notificationId)),
  workOn(settleNotification, ({ notificationId }, run) => settle(deps(run), notificationId)),
  workOn(remind, (planned, run) => sendReminder(deps(run), planned)),
  workOn(sweepQueue, (_nothing, run) => sweepNotifications(() => deps(run), alone(log))),
  workOn(forgetVendorEvents, (_nothing, run) => forgetOldEvents(deps(run).em, run.now)),
];

/** One failure does not stop the rest of a sweep. */
const alone =
  (log: Logger) =>
  async (one: () => Promise<void>): Promise<void> => {
    try {
      await one();
    } catch (error) {
      log.error({ err: error }, 'one entry of a sweep failed');
    }
  };

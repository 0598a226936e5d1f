// All jobs of payments, and what runs for each.
import { workOn, type CronEntry, type JobDefinition, type JobRun, type Work } from '@caregraph/jobs';
import type { Deps } from './deps.js';
import { capturePayment } from './payment/capture-payment.js';
import { holdPayment } from './payment/hold-payment.js';
import { lookUpPayment } from './payment/look-up-payment.js';
import { captureJob, holdJob, lookUpJob, reconcileJob, voidJob } from './payment/payment.jobs.js';
import { reconcilePayments } from './payment/reconcile-payments.js';
import { voidPayment } from './payment/void-payment.js';
import { lookUpRefundJob, sendRefundJob } from './refund/refund.jobs.js';
import { lookUpRefund, sendRefund } from './refund/send-refund.js';

export const cron: readonly CronEntry[] = [{ job: reconcileJob, cron: '*/15 * * * *', timeZone: 'UTC' }];

/** @param deps what a use case gets, made afresh for each run. */
export function paymentWork(deps: (run: JobRun) => Deps): Work[] {
  return [
    workOn(holdJob, (data, run) => holdPayment(deps(run), data)),
    workOn(captureJob, (data, run) => capturePayment(deps(run), data)),
    workOn(voidJob, (data, run) => voidPayment(deps(run), data)),
    workOn(lookUpJob, (data, run) => lookUpPayment(deps(run), data)),
    workOn(sendRefundJob, (data, run) => sendRefund(deps(run), data)),
    workOn(lookUpRefundJob, (data, run) => lookUpRefund(deps(run), data)),
    workOn(reconcileJob, (_data, run) => reconcilePayments(deps(run)), { concurrency: 1 }),
  ];
}

export const jobs: readonly JobDefinition[] = [
  holdJob,
  captureJob,
  voidJob,
  lookUpJob,
  sendRefundJob,
  lookUpRefundJob,
  reconcileJob,
];

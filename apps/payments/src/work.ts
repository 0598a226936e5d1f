// All jobs of payments, and what runs for each.
import {
  sealAnewCron,
  sealAnewJob,
  sealAnewWork,
  workOn,
  type CronEntry,
  type JobDefinition,
  type JobRun,
  type Work,
} from '@caregraph/jobs';
import type { Logger } from '@caregraph/runtime';
import type { Deps } from './deps.js';
import { capturePayment } from './payment/capture-payment.js';
import { resumeCaptures } from './payment/captures-disabled.js';
import { holdPayment } from './payment/hold-payment.js';
import { lookUpPayment } from './payment/look-up-payment.js';
import {
  captureJob,
  holdJob,
  lookUpJob,
  reconcileJob,
  resumeCapturesJob,
  voidJob,
  watchHoldsJob,
} from './payment/payment.jobs.js';
import { reconcilePayments } from './payment/reconcile-payments.js';
import { voidPayment } from './payment/void-payment.js';
import { watchHolds } from './payment/watch-holds.js';
import { lookUpRefundJob, sendRefundJob } from './refund/refund.jobs.js';
import { lookUpRefund, sendRefund } from './refund/send-refund.js';
import { sealedColumns } from './sealed.js';

export const cron: readonly CronEntry[] = [
  { job: reconcileJob, cron: '*/15 * * * *', timeZone: 'UTC' },
  { job: watchHoldsJob, cron: '20 * * * *', timeZone: 'UTC' },
  sealAnewCron,
];

/** @param deps what a use case gets, made afresh for each run. */
export function paymentWork(deps: (run: JobRun) => Deps, log: Logger): Work[] {
  return [
    sealAnewWork(deps, sealedColumns, log),
    workOn(holdJob, (data, run) => holdPayment(deps(run), data)),
    workOn(captureJob, (data, run) => capturePayment(deps(run), data, log)),
    workOn(voidJob, (data, run) => voidPayment(deps(run), data)),
    workOn(lookUpJob, (data, run) => lookUpPayment(deps(run), data)),
    workOn(sendRefundJob, (data, run) => sendRefund(deps(run), data)),
    workOn(lookUpRefundJob, (data, run) => lookUpRefund(deps(run), data)),
    workOn(reconcileJob, (_data, run) => reconcilePayments(deps(run), run.alone), { concurrency: 1 }),
    workOn(resumeCapturesJob, (_data, run) => resumeCaptures(deps(run), run.alone), { concurrency: 1 }),
    workOn(watchHoldsJob, (_data, run) => watchHolds(deps(run), run.alone, log), { concurrency: 1 }),
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
  watchHoldsJob,
  resumeCapturesJob,
  sealAnewJob,
];

// Durable jobs of an app, in the app's own database: enqueued with the caller's rows, run at their time.
export type { CronEntry } from './cron.js';
export { defineJob, type JobDefinition, type JobOptions } from './define-job.js';
export { cancelJob, enqueue, type EnqueueOptions } from './enqueue.js';
export type { FailedJob, JobStats } from './job-reports.js';
export { migrateJobs } from './migrate-jobs.js';
export { startJobs, type Jobs, type JobsOptions } from './start-jobs.js';
export { workOn, type JobRun, type Work } from './work-on.js';

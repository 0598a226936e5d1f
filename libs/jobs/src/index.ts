// Durable jobs of an app, in the app's own database: enqueued with the caller's rows, run at their time.
export { entriesAlone, type Alone } from './alone.js';
export type { CronEntry } from './cron.js';
export type { CronRun } from './cron-runs.js';
export { defineJob, type JobDefinition, type JobOptions } from './define-job.js';
export { cancelJob, enqueue, type EnqueueOptions } from './enqueue.js';
export {
  JobNotFound,
  NoJobs,
  openJobCommands,
  type JobCommands,
  type JobState,
  type ListedJob,
} from './job-commands.js';
export type { FailedJob, JobStats } from './job-reports.js';
export { migrateJobs } from './migrate-jobs.js';
export { sealAnewCron, sealAnewJob, sealAnewWork } from './seal-anew.js';
export { startJobs, type Jobs, type JobsOptions } from './start-jobs.js';
export { workOn, type JobRun, type Work } from './work-on.js';

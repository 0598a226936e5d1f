// Scheduling's jobs and cron entries.
import {
  sealAnewCron,
  sealAnewJob,
  sealAnewWork,
  type CronEntry,
  type JobRun,
  type Work,
} from '@caregraph/jobs';
import type { Logger } from '@caregraph/runtime';
import type { Deps } from './deps.js';
import { sealedColumns } from './sealed.js';

export const jobs = [sealAnewJob];

export const cron: CronEntry[] = [sealAnewCron];

/** @param deps makes the dependencies of one run, as the system. */
export const work = (deps: (run: JobRun) => Deps, log: Logger): Work[] => [
  sealAnewWork(deps, sealedColumns, log),
];

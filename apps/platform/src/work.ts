// The platform's jobs and cron entries.
import { workOn, type CronEntry, type JobRun, type Work } from '@caregraph/jobs';
import type { Deps } from './deps.js';
import { forgetRevocations, forgetRevocationsJob } from './session/forget-revocations.js';

export const jobs = [forgetRevocationsJob];

export const cron: CronEntry[] = [{ job: forgetRevocationsJob, cron: '40 * * * *', timeZone: 'UTC' }];

/** @param deps makes the dependencies of one run, as the system. */
export const work = (deps: (run: JobRun) => Deps): Work[] => [
  workOn(forgetRevocationsJob, async (_nothing, run) => {
    const { em, realNow } = deps(run);
    await forgetRevocations(em, realNow);
  }),
];

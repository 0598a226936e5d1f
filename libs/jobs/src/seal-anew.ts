// The job that seals anew what an older key has sealed; each app that keeps sealed columns has it.
import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { sealAnew, type Logger, type SealedColumn, type Sealer } from '@caregraph/runtime';
import type { CronEntry } from './cron.js';
import { defineJob } from './define-job.js';
import { workOn, type JobRun, type Work } from './work-on.js';

export const sealAnewJob = defineJob('seal-anew', z.object({}), {
  description: 'Seals anew what another key than the first of SEALING_KEYS has sealed.',
  expireInSeconds: 3_600,
});

/** Each minute: by the index it costs next to nothing when there is nothing to do. */
export const sealAnewCron: CronEntry = { job: sealAnewJob, cron: '* * * * *', timeZone: 'UTC' };

/** Runs it over these columns. One at a time: a second one would only find what the first is about to do. */
export const sealAnewWork = (
  deps: (run: JobRun) => { readonly em: EntityManager; readonly sealer: Sealer },
  columns: readonly SealedColumn[],
  log: Logger,
): Work =>
  workOn(
    sealAnewJob,
    async (_nothing, run) => {
      const { em, sealer } = deps(run);
      const { sealed, unreadable } = await sealAnew(em, sealer, columns, run.signal);
      if (sealed > 0) log.info({ jobName: sealAnewJob.name, count: sealed }, 'values were sealed anew');
      if (unreadable > 0)
        log.error(
          { jobName: sealAnewJob.name, count: unreadable },
          'sealed values open with no key of the ring',
        );
    },
    { concurrency: 1 },
  );

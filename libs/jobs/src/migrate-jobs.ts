// Makes the tables and the queues of an app's jobs, as the role that owns the database.
import { PgBoss } from 'pg-boss';
import type { JobDefinition } from './define-job.js';
import { jobFunctions } from './job-functions.js';
import { clockTable, cronTable, deadQueue, jobTable, schema } from './job-tables.js';

const day = 86_400;

/** A job that waits is never thrown away: pg-boss would delete it this long after it was due. */
const keepWaitingSeconds = 3_650 * day;

/**
 * Creates or updates pg-boss's tables and a queue per job, and grants the app's role (`<app>_owner` becomes
 * `<app>_app`) the rows and nothing else. Safe to run again, and by two processes at once.
 */
export async function migrateJobs(ownerUrl: string, jobs: readonly JobDefinition[]): Promise<void> {
  const boss = new PgBoss({ connectionString: ownerUrl, schema, max: 2, supervise: false, schedule: false });
  // Without a listener an error of an idle connection would end the process; the call in flight reports it anyway.
  boss.on('error', () => undefined);
  await boss.start();
  try {
    await makeQueue(boss, deadQueue, { retentionSeconds: keepWaitingSeconds, deleteAfterSeconds: day });
    for (const job of jobs) {
      await makeQueue(boss, job.name, {
        notify: true,
        deadLetter: deadQueue,
        retryLimit: job.retryLimit,
        retryDelay: job.retryDelaySeconds,
        retryBackoff: true,
        retryDelayMax: 900,
        expireInSeconds: job.expireInSeconds,
        // A killed worker is noticed after this, and its job taken over a few seconds later.
        heartbeatSeconds: 10,
        retentionSeconds: keepWaitingSeconds,
        // Finished jobs; of those that failed for good the copy in the dead queue stays.
        deleteAfterSeconds: 2 * day,
      });
    }
    await boss.getDb().executeSql(ownTables(appRoleOf(ownerUrl)));
  } finally {
    await boss.stop({ graceful: false });
  }
}

type QueueSettings = Parameters<PgBoss['updateQueue']>[1];

async function makeQueue(boss: PgBoss, name: string, settings: NonNullable<QueueSettings>): Promise<void> {
  if (await boss.getQueue(name)) {
    await boss.updateQueue(name, settings);
    return;
  }
  const { deadLetter, retryDelayMax, heartbeatSeconds, ...rest } = settings;
  await boss.createQueue(name, {
    ...rest,
    ...(deadLetter ? { deadLetter } : {}),
    ...(retryDelayMax ? { retryDelayMax } : {}),
    ...(heartbeatSeconds ? { heartbeatSeconds } : {}),
  });
}

function appRoleOf(ownerUrl: string): string {
  const owner = decodeURIComponent(new URL(ownerUrl).username);
  if (!owner.endsWith('_owner')) throw new Error(`The owner's role must end in "_owner": "${owner}".`);
  return `"${owner.slice(0, -'_owner'.length).replaceAll('"', '""')}_app"`;
}

/** The index answers "what is due next?" without reading every reminder of the coming month. */
const ownTables = (appRole: string): string => `
  create table if not exists ${clockTable} (
    only_row boolean primary key default true check (only_row),
    offset_ms bigint not null default 0
  );
  insert into ${clockTable} default values on conflict do nothing;
  create table if not exists ${cronTable} (
    job text primary key,
    succeeded_at timestamptz not null default now()
  );
  create index if not exists job_common_due on ${jobTable} (name, start_after) where state < 'active';
  ${jobFunctions}
  grant usage on schema ${schema} to ${appRole};
  grant select, insert, update, delete on all tables in schema ${schema} to ${appRole};
  grant usage, select on all sequences in schema ${schema} to ${appRole};
  grant execute on all functions in schema ${schema} to ${appRole};`;

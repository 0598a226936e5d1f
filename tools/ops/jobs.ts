// `npm run ops -- jobs`: the durable jobs of an app. The running app acts on each decision at once.
import { openJobCommands, type JobCommands } from '@caregraph/jobs';
import { databaseOf } from './support/stack.js';

export const usage = `
jobs <app> list          what runs, waits, is held or failed for good, the next 100 by their time
jobs <app> advance <id>  runs a waiting job now; a timer does now what it would do at its time
jobs <app> hold <id>     keeps a waiting job from running
jobs <app> release <id>  lets a held job run at its own time, or at once if that has passed
jobs <app> retry <id>    runs a job that failed for good once more, with all its tries`;

const changes = ['advance', 'hold', 'release', 'retry'] as const;

export async function run([app, command = 'list', id = '']: readonly string[]): Promise<number> {
  const change = changes.find((name) => name === command);
  if (!app || (command !== 'list' && (!change || id === ''))) return 2;
  const jobs = await openJobCommands(databaseOf(app).url);
  try {
    return change ? await decide(jobs, change, id) : await show(jobs);
  } finally {
    await jobs.close();
  }
}

async function show(jobs: JobCommands): Promise<number> {
  console.table((await jobs.list()).map((job) => ({ ...job, data: JSON.stringify(job.data) })));
  return 0;
}

async function decide(jobs: JobCommands, change: (typeof changes)[number], id: string): Promise<number> {
  const refusal = await jobs[change](id);
  console.log(refusal?.message ?? `${change} of ${id} is done.`);
  return refusal ? 1 : 0;
}

// A worker process for the spec that kills one: `tsx spec-worker.ts <database url>`. It says "started" when it has
// the job, and never finishes it.
import { createLogger, systemClock } from '@caregraph/runtime';
import { startJobs, workOn } from './index.js';
import { stubborn } from './spec-app.js';

const [url = ''] = process.argv.slice(2);
const run = (): Promise<void> => {
  process.stdout.write('started\n');
  return new Promise(() => undefined);
};
const log = createLogger('killable', 'silent');
await startJobs({ url, work: [workOn(stubborn, run)], clock: systemClock, log });

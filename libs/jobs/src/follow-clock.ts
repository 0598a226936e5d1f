// Keeps the waiting jobs in step with the business clock, which development moves (production's never jumps).
//
// pg-boss takes a clock of its own (`AttachableClock`), which replaces the database's `job_now()`. That one is made
// for tests and does not fit: it needs the schema's owner; its clock is one row that each process sets; and it moves
// *all* of pg-boss's times, so that a jump of a day makes every running job look like one whose worker died a day
// ago, and it would go to a second worker while the first still runs.
// So leases, heartbeats and back-off stay on the machine's time, and a run time is turned into it when it is stored:
// `start_after = runAt - offset`. A jump moves what waits by the difference.
//
// The difference is taken from the offset in the database, under a lock, and never from what a process heard: of ten
// replicas that hear of a jump, and of one that missed it while it was down, the first moves the jobs and the others
// find nothing left to do.
import type { Clock } from '@caregraph/runtime';
import { schema, type Rows } from './job-tables.js';

/** Below this, two readings of the same clock are held to be equal. */
const toleranceMs = 50;

/** Returns what to call after a jump and now and then: it moves the waiting jobs if clock and database have parted. */
export function followClock(rows: Rows, clock: Clock): () => Promise<void> {
  let followedMs: number | undefined;
  return async () => {
    const offsetMs = clock.now().getTime() - Date.now();
    if (followedMs !== undefined && Math.abs(offsetMs - followedMs) <= toleranceMs) return;
    await rows.query(`select ${schema}.move_clock($1, $2)`, [Math.round(offsetMs), toleranceMs]);
    followedMs = offsetMs;
  };
}

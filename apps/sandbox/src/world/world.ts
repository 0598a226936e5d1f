// What all vendors of the sandbox share: one clock, one script of faults, one record of everything said, one
// journal of what outlives the process.
import type { Logger } from '@caregraph/runtime';
import { WorldClock } from './clock.js';
import { FaultBook } from './faults.js';
import { Journal } from './journal.js';
import { Recordings } from './recordings.js';

export interface World {
  readonly clock: WorldClock;
  readonly faults: FaultBook;
  readonly recordings: Recordings;
  readonly journal: Journal;
  readonly log: Logger;
}

/** Without a folder for its state, the world is as old as the process. */
export function newWorld(log: Logger, stateFolder?: string): World {
  const journal = new Journal(stateFolder, log);
  return {
    clock: new WorldClock(journal),
    faults: new FaultBook(),
    recordings: new Recordings(),
    journal,
    log,
  };
}

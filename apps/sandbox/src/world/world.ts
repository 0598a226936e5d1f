// What all vendors of the sandbox share: one clock, one script of faults, one record of everything said.
import type { Logger } from '@caregraph/runtime';
import { WorldClock } from './clock.js';
import { FaultBook } from './faults.js';
import { Recordings } from './recordings.js';

export interface World {
  readonly clock: WorldClock;
  readonly faults: FaultBook;
  readonly recordings: Recordings;
  readonly log: Logger;
}

export const newWorld = (log: Logger): World => ({
  clock: new WorldClock(),
  faults: new FaultBook(),
  recordings: new Recordings(),
  log,
});

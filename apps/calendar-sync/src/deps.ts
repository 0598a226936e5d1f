// What calendar-sync's use cases get: nothing beyond what every request has.
import type { RequestDeps } from '@caregraph/subgraph';

export type Deps = RequestDeps;

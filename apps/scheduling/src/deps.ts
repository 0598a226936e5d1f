// What scheduling's use cases get.
import type { OfferKey } from '@caregraph/contracts';
import type { Sealer } from '@caregraph/runtime';
import type { RequestDeps } from '@caregraph/subgraph';
import type { SearchWatch } from './availability/availability-metrics.js';

export interface Deps extends RequestDeps {
  readonly sealer: Sealer;
  /** The first signs offers. */
  readonly offerKeys: Iterable<OfferKey>;
  readonly searches: SearchWatch;
}

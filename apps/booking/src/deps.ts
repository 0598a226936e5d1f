// What booking's use cases get.
import type { OfferKey } from '@caregraph/contracts';
import type { Sealer } from '@caregraph/runtime';
import type { RequestDeps } from '@caregraph/subgraph';

export interface Deps extends RequestDeps {
  readonly sealer: Sealer;
  readonly offerKeys: Iterable<OfferKey>;
}

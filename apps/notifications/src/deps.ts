// What the use cases of notifications get.
import type { Sealer } from '@caregraph/runtime';
import type { RequestDeps } from '@caregraph/subgraph';
import type { AddressHash } from './suppression/address-hash.js';

export interface Deps extends RequestDeps {
  readonly sealer: Sealer;
  readonly addressHash: AddressHash;
}

// What payments' use cases get.
import type { Sealer } from '@caregraph/runtime';
import type { RequestDeps } from '@caregraph/subgraph';
import type { Processor } from './processor/processor.js';

export interface Deps extends RequestDeps {
  readonly processor: Processor;
  readonly sealer: Sealer;
  /** What clients give to the processor's own form for cards. */
  readonly publishableKey: string;
}

// What the platform's use cases get.
import type { RequestDeps } from '@caregraph/subgraph';

export interface Deps extends RequestDeps {
  /** The real time, which tokens and keys live by; `now` follows the business clock. */
  readonly realNow: Date;
  /** How long a session can live, in hours. */
  readonly sessionMaxHours: number;
}

// What must hold of every run, whatever was done to it.
import type { Evidence } from '../evidence.js';
import type { Line } from '../history.js';

export interface Invariant {
  /** As the architecture and the design of the campaign number them. */
  readonly id: string;
  readonly rule: string;
  /** Each violation in words, with the rows that show it; none when it holds. */
  readonly violations: (evidence: Evidence, history: readonly Line[]) => string[];
}

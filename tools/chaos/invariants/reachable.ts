// Which status can follow which, from booking's own table of transitions.
import { lifecycle } from '../../../apps/booking/src/appointment/lifecycle.js';

const steps: readonly { readonly from: readonly string[]; readonly to: string }[] = Object.values(lifecycle);

/** Whether one step leads there; staying is always possible. */
export const maySucceed = (from: string, to: string): boolean =>
  from === to || steps.some((step) => step.to === to && step.from.includes(from));

/** Whether any number of steps leads there. */
export function isReachable(from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const status of seen) {
    for (const step of steps) if (step.from.includes(status)) seen.add(step.to);
  }
  return seen.has(to);
}

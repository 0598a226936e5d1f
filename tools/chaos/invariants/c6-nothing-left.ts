// C6: when all is quiet nothing is left: no event unpublished or parked, no job undone or failed for good.
import type { Invariant } from './invariant.js';

export const nothingLeft: Invariant = {
  id: 'C6',
  rule: 'after quiescence nothing is pending, parked or failed for good',
  violations: ({ leftUndone }) => [...leftUndone],
};

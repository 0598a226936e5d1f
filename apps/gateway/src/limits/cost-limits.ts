// What one operation may cost at most, by who asks: whoever is known may ask for more than whoever is not.
import { GraphQLError } from 'graphql';
import type { Role, Viewer } from '@caregraph/runtime';

export interface CostLimits {
  readonly OPERATION_COST_LIMIT: number;
  /** Nobody logged in; left out 2,500, or what all others may if that is less. */
  readonly OPERATION_COST_LIMIT_ANONYMOUS?: number | undefined;
  /** Partners' machines; as all others when left out. */
  readonly OPERATION_COST_LIMIT_PARTNER?: number | undefined;
  /** Who works at a practice or for the platform; as all others when left out. */
  readonly OPERATION_COST_LIMIT_STAFF?: number | undefined;
}

const anonymousLimit = 2_500;
const staff: readonly Role[] = ['provider', 'staff', 'admin', 'support', 'system'];

/** What an operation of this viewer may cost. */
export function costLimitOf({ account, memberships }: Viewer, limits: CostLimits): number {
  const { OPERATION_COST_LIMIT: all } = limits;
  if (account === null && memberships.length === 0)
    return limits.OPERATION_COST_LIMIT_ANONYMOUS ?? Math.min(anonymousLimit, all);
  if (memberships.some(({ role }) => role === 'partner')) return limits.OPERATION_COST_LIMIT_PARTNER ?? all;
  if (memberships.some(({ role }) => staff.includes(role))) return limits.OPERATION_COST_LIMIT_STAFF ?? all;
  return all;
}

/** Throws BAD_USER_INPUT, with both numbers, for an operation that may cost more than its caller may ask for. */
export function checkCost(
  { viewer, cost = 0 }: { readonly viewer: Viewer; readonly cost?: number },
  limits: CostLimits,
): void {
  const limit = costLimitOf(viewer, limits);
  if (cost <= limit) return;
  const told = Number.isFinite(cost) ? cost : 'more than can be counted';
  throw new GraphQLError(`The operation may cost ${told}, and ${limit} is the most.`, {
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });
}

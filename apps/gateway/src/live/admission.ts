// Whether a subscription may begin: it costs what its first result costs, once, in the same rates as all else.
import { getOperationAST } from 'graphql';
import type { Viewer } from '@caregraph/runtime';
import { checkCost, type CostLimits } from '../limits/cost-limits.js';
import { askedBy, type RateLimits } from '../limits/rate-limits.js';
import { rootFields } from '../operation/root-fields.js';
import type { PlannedSubscription, SubscriptionPlans } from './subscription-plans.js';

interface Wish {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly viewer: Viewer;
  readonly knownSession: boolean;
}

/** Rejects with BAD_USER_INPUT for what costs too much, and with TOO_MANY_REQUESTS. */
export type Admit = (planned: PlannedSubscription, wish: Wish) => Promise<void>;

export const admission =
  (plans: SubscriptionPlans, rates: RateLimits, limits: CostLimits): Admit =>
  async (planned, { variables, ...caller }) => {
    const cost = plans.costOf(planned, variables);
    checkCost({ ...caller, cost }, limits);
    const { document, operationName } = planned;
    const operation = getOperationAST(document, operationName);
    const fields = operation ? rootFields(document, operation) : [];
    await rates.admit(askedBy({ ...caller, cost }, fields));
  };

// How the first person of a new installation comes in: the configuration names accounts that are support from the start.
import { systemViewer } from '@caregraph/runtime';
import type { Deps } from '../deps.js';
import { grantMembership } from './grant-membership.js';
import { MembershipExists, type Membership } from './membership.js';

/** Grants support to each account that has it not, as the system. Returns whom it was granted. */
export async function grantOperators(
  deps: Pick<Deps, 'em' | 'now'>,
  accounts: readonly string[],
): Promise<readonly string[]> {
  const granted: string[] = [];
  for (const account of accounts) {
    const asSystem = {
      em: deps.em.fork(),
      now: deps.now,
      viewer: { ...systemViewer, requestId: 'operators' },
    };
    const outcome = await grantMembership(asSystem, { account, role: 'support' });
    if (!(outcome instanceof MembershipExists)) granted.push((outcome as Membership).account);
  }
  return granted;
}

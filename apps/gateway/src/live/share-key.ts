// Which subscribers may share one subscription of a subgraph: those of whom the subgraph would decide alike.
import type { Viewer } from '@caregraph/runtime';
import type { UpstreamRequest } from '../graph/plan-steps.js';

/** All that decides what a viewer may see. Neither token nor session nor request; who has no account is his session. */
export function authorisationOf({ account, sid, memberships, scopes, amr }: Viewer): string {
  const roles = memberships.map(({ practiceId, role }) => `${role} ${practiceId ?? ''}`).sort();
  return JSON.stringify([account, account === null ? sid : null, roles, [...scopes].sort(), [...amr].sort()]);
}

export const topicKey = (owner: string, { query, variables }: UpstreamRequest, viewer: Viewer): string =>
  JSON.stringify([owner, query, variables, authorisationOf(viewer)]);

// What a partner's key must allow, and where; whoever is no partner acts in his own right. Platform's partnerScopes
// explain each scope.
import type { Viewer } from '@caregraph/runtime';

/** Reading appointments. */
export const partnersRead = '@policy(policies: [["partner-scope:appointments:read"]])';

/** Registering patients, holding times, booking and changing what was booked. */
export const partnersWrite = '@policy(policies: [["partner-scope:appointments:write"]])';

/** How the gateway names the accounts of keys. No person's begins so. */
const ofKeys = 'partner-key:';

/** The accounts of keys, as PostgreSQL's `like` finds them. */
export const likeAccountOfKey = `${ofKeys}%`;

export const isAccountOfKey = (account: string): boolean => account.startsWith(ofKeys);

export const isPartner = ({ memberships }: Viewer): boolean =>
  memberships.some(({ role }) => role === 'partner');

/** Whether the viewer may read; a partner may where his key says so, however he comes to what is read. */
export const mayRead = (viewer: Viewer): boolean =>
  !isPartner(viewer) || viewer.scopes.includes('appointments:read');

/** Whether the viewer may do anything in the practice: a partner's key counts in its own alone, people act in all. */
export const countsIn = (viewer: Viewer, practiceId: string): boolean =>
  !isPartner(viewer) ||
  viewer.memberships.some(
    (membership) => membership.practiceId === null || membership.practiceId === practiceId,
  );

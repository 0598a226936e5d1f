// Who may do what here: the catalogue is public to read, and its practice's admins change it.
import { hasRole, type Viewer } from '@caregraph/runtime';
import { forbidden, unauthenticated } from '@caregraph/subgraph';

/** Refuses all but the practice's admins and the platform's support. */
export function requireAdmin(viewer: Viewer, practiceId: string): void {
  requireCaller(viewer);
  if (!hasRole(viewer, practiceId, 'admin', 'support', 'system')) {
    throw forbidden('Only an admin of this practice may change it.');
  }
}

/** Refuses all but the platform's own people. */
export function requirePlatform(viewer: Viewer): void {
  requireCaller(viewer);
  if (!hasRole(viewer, null, 'support', 'system')) throw forbidden('Only the platform opens practices.');
}

/** Refuses callers that are not logged in; the system itself has no login. */
export function requireCaller(viewer: Viewer): void {
  if (viewer.account === null && !hasRole(viewer, null, 'system')) throw unauthenticated();
}

/** Whether the caller works at the practice, or for the platform. */
export const worksAt = (viewer: Viewer, practiceId: string): boolean =>
  hasRole(viewer, practiceId, 'provider', 'staff', 'admin', 'support', 'system');

/** Whether the caller is at the practice's desk, and may read its contact data. */
export const isAtDesk = (viewer: Viewer, practiceId: string): boolean =>
  hasRole(viewer, practiceId, 'staff', 'admin', 'support', 'system');

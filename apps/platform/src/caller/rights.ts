// Who may do what here: a practice's admins for their practice, the platform's support for all.
import { hasRole, type Role, type Viewer } from '@caregraph/runtime';
import { forbidden, unauthenticated } from '@caregraph/subgraph';

/** Who changes what others may do shows a second factor: admins of a practice, and support. */
export const byAdmins = '@policy(policies: [["role:admin", "mfa"], ["role:support", "mfa"]])';
export const bySupport = '@policy(policies: [["role:support", "mfa"]])';

/** Whether the caller is an admin of the practice, or of the platform. */
export const isAdmin = (viewer: Viewer, practiceId: string | null): boolean =>
  practiceId === null ? isSupport(viewer) : hasRole(viewer, practiceId, 'admin', 'support', 'system');

export const isSupport = (viewer: Viewer): boolean => hasRole(viewer, null, 'support', 'system');

/** Refuses all but the practice's admins and support; where no practice is meant, all but support. */
export function requireAdmin(viewer: Viewer, practiceId: string | null): void {
  if (!isAdmin(viewer, practiceId))
    throw forbidden('Only an admin of this practice, or support, may do this.');
}

export function requireSupport(viewer: Viewer): void {
  if (!isSupport(viewer)) throw forbidden('Only support may do this.');
}

/** The caller's account; refuses who is not logged in. */
export function accountOf({ account }: Viewer): string {
  if (account === null) throw unauthenticated();
  return account;
}

const ranks: readonly Role[] = ['system', 'support', 'admin', 'staff', 'provider', 'partner'];

/** In which role the caller acts on something of this practice; null: of none. Who has no role is a patient. */
export const roleOf = ({ memberships }: Viewer, practiceId: string | null): Role =>
  ranks.find((rank) =>
    memberships.some(
      ({ role, practiceId: own }) =>
        role === rank && (practiceId === null || own === null || own === practiceId),
    ),
  ) ?? 'patient';

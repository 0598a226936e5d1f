// Who may see what is sent about an appointment, by the access that booking's events tell of. To others it reads as
// absent.
import type { EntityManager, FilterQuery } from '@mikro-orm/postgresql';
import { hasRole, practicesOf, type Viewer } from '@caregraph/runtime';
import { AppointmentAccess } from '../copies/known.js';

/** How the viewer stands to an appointment: those of the practice see all messages, a patient those to himself. */
export type Standing = 'PRACTICE' | 'PATIENT';

/** The appointments among the ids that the viewer may see. */
export async function findVisible(
  em: EntityManager,
  viewer: Viewer,
  ids: readonly string[],
): Promise<AppointmentAccess[]> {
  const visible = visibleTo(viewer);
  if (!visible || ids.length === 0) return [];
  return em.find(AppointmentAccess, { $and: [{ id: { $in: [...ids] } }, visible] });
}

export function standingOf(viewer: Viewer, { practiceId, providerAccount }: AppointmentAccess): Standing {
  const provider = viewer.account !== null && viewer.account === providerAccount;
  const desk = hasRole(viewer, practiceId, 'staff', 'admin') || hasRole(viewer, null, 'support', 'system');
  return provider || desk ? 'PRACTICE' : 'PATIENT';
}

function visibleTo(viewer: Viewer): FilterQuery<AppointmentAccess> | undefined {
  if (hasRole(viewer, null, 'support', 'system')) return {};
  const practices = practicesOf(viewer, 'staff', 'admin');
  const ways: FilterQuery<AppointmentAccess>[] = [];
  if (practices.length > 0) ways.push({ practiceId: { $in: practices } });
  if (viewer.account)
    ways.push({ accounts: { $contains: [viewer.account] } }, { providerAccount: viewer.account });
  return ways.length > 0 ? { $or: ways } : undefined;
}

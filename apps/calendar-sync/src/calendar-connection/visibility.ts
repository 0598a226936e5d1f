// Who may see a provider's calendar connection: he himself and the practice's desk. To others it reads as absent.
import type { EntityManager, FilterQuery } from '@mikro-orm/postgresql';
import { hasRole, practicesOf, type Viewer } from '@caregraph/runtime';
import { KnownProvider } from '../catalogue/known-provider.js';
import { CalendarConnection } from './calendar-connection.js';

/** Those of the providers' connections that the viewer may see, in no order. */
export async function findVisible(
  em: EntityManager,
  viewer: Viewer,
  providerIds: readonly string[],
): Promise<CalendarConnection[]> {
  const visible = visibleTo(viewer);
  if (!visible) return [];
  const wanted: FilterQuery<KnownProvider> = { $and: [{ id: { $in: [...providerIds] } }, visible] };
  const providers = await em.find(KnownProvider, wanted);
  return em.find(CalendarConnection, { id: { $in: providers.map(({ id }) => id) } });
}

/** The condition under which providers are the viewer's to look into; undefined: none are. */
function visibleTo(viewer: Viewer): FilterQuery<KnownProvider> | undefined {
  if (hasRole(viewer, null, 'support', 'system')) return {};
  const practices = practicesOf(viewer, 'staff', 'admin');
  const ways: FilterQuery<KnownProvider>[] = [];
  if (practices.length > 0) ways.push({ practiceId: { $in: practices } });
  if (viewer.account !== null) ways.push({ account: viewer.account });
  return ways.length > 0 ? { $or: ways } : undefined;
}

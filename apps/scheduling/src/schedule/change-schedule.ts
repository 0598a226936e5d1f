// What each change of a schedule has in common: one writer at a time for each provider, who may,
// and his own locations.
import { LockMode } from '@mikro-orm/postgresql';
import type { Refusal } from '@caregraph/contracts';
import { idOf } from '@caregraph/subgraph';
import { requireAdmin, requireCaller } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { UnknownLocation } from '../location/location.js';
import { Provider, UnknownProvider } from '../provider/provider.js';
import type { WorkingBlock } from './working-day.policy.js';

/** Changes a provider's schedule in one transaction; a verb that answers with a refusal has changed nothing. */
export function changeSchedule<Refused extends Refusal>(
  { em, viewer }: Deps,
  id: string,
  blocks: readonly WorkingBlock[],
  verb: (provider: Provider, em: Deps['em']) => Promise<Refused | undefined>,
): Promise<Provider | UnknownProvider | UnknownLocation | Refused> {
  requireCaller(viewer);
  const providerId = idOf('providerId', id);
  return em.transactional(async (em) => {
    const provider = await em.findOne(Provider, { id: providerId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!provider) return new UnknownProvider(providerId);
    if (!provider.setsHoursAs(viewer.account)) requireAdmin(viewer, provider.practiceId);
    const elsewhere = blocks.find(({ locationId }) => !provider.locationIds.includes(locationId));
    if (elsewhere) return new UnknownLocation(elsewhere.locationId);
    return (await verb(provider, em)) ?? provider;
  });
}

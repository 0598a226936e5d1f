// What each change of a provider has in common: his row is locked, the caller is an admin of his practice, others are told.
import { LockMode } from '@mikro-orm/postgresql';
import { Refusal, type DomainEvent } from '@caregraph/contracts';
import { publish } from '@caregraph/messaging';
import { idOf } from '@caregraph/subgraph';
import { requireAdmin, requireCaller } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { Practice } from '../practice/practice.js';
import { Provider, UnknownProvider } from './provider.js';

/** Changes a provider in one transaction; a verb that answers with a refusal has changed nothing. */
export function changeProvider<Refused extends Refusal>(
  { em, viewer, now }: Deps,
  id: string,
  verb: (provider: Provider, practice: Practice, em: Deps['em']) => Promise<DomainEvent | Refused>,
): Promise<Provider | UnknownProvider | Refused> {
  requireCaller(viewer);
  const providerId = idOf('providerId', id);
  return em.transactional(async (em) => {
    // The provider first: a change of the practice's settings waits for him, or he reads what it has committed.
    const provider = await em.findOne(Provider, { id: providerId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!provider) return new UnknownProvider(providerId);
    requireAdmin(viewer, provider.practiceId);
    const practice = await em.findOneOrFail(Practice, { id: provider.practiceId });
    const outcome = await verb(provider, practice, em);
    if (outcome instanceof Refusal) return outcome;

    publish(em, outcome, now);
    return provider;
  });
}

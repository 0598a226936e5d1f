// What an appointment type leads to, and what leads to it.
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Money } from '@caregraph/subgraph';
import { byId, byIds, loaderOf } from '../by-id.js';
import type { Deps } from '../deps.js';
import { Practice } from '../practice/practice.js';
import { PracticeObject } from '../practice/practice.type.js';
import { Provider } from '../provider/provider.js';
import { ProviderObject } from '../provider/provider.type.js';
import { Resource } from '../resource/resource.js';
import { ResourceObject } from '../resource/resource.type.js';
import { AppointmentType } from './appointment-type.js';
import { AppointmentTypeObject } from './appointment-type.type.js';

@Resolver(() => AppointmentTypeObject)
export class AppointmentTypeFields {
  @FieldResolver(() => PracticeObject, { nullable: true, description: 'Who offers it.' })
  practice(@Root() { practiceId }: AppointmentType, @Ctx() deps: Deps): Promise<Practice | null> {
    return byId(deps, Practice, practiceId);
  }

  @FieldResolver(() => Money, { description: 'What it costs.' })
  price(@Root() { priceAmountMinor, priceCurrency }: AppointmentType): Money {
    return { amountMinor: priceAmountMinor, currency: priceCurrency };
  }

  @FieldResolver(() => [ProviderObject], { description: 'Who offers it, at most 100.' })
  providers(@Root() { providerIds }: AppointmentType, @Ctx() deps: Deps): Promise<Provider[]> {
    return byIds(deps, Provider, providerIds);
  }

  @FieldResolver(() => [ResourceObject], {
    description: 'What is claimed with the provider, at most 3 (SC-049).',
  })
  requiredResources(@Root() { resourceIds }: AppointmentType, @Ctx() deps: Deps): Promise<Resource[]> {
    return byIds(deps, Resource, resourceIds);
  }
}

@Resolver(() => ProviderObject)
export class ProviderAppointmentTypes {
  @FieldResolver(() => [AppointmentTypeObject], {
    description: 'What he offers at present, by name, at most 50.',
  })
  appointmentTypes(@Root() { id }: Provider, @Ctx() deps: Deps): Promise<AppointmentType[]> {
    const offered = loaderOf(deps, ProviderAppointmentTypes, (ids) => offeredBy(deps.em, ids));
    return offered.load(id);
  }
}

/** One query for all the providers of a page. */
async function offeredBy(em: EntityManager, providerIds: readonly string[]): Promise<AppointmentType[][]> {
  const types = await em.find(
    AppointmentType,
    { providerIds: { $overlap: [...providerIds] }, active: true },
    { orderBy: { name: 'asc', id: 'asc' } },
  );
  return providerIds.map((id) => types.filter((type) => type.providerIds.includes(id)).slice(0, 50));
}

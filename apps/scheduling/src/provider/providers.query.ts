// Reading providers.
import { Arg, Args, Ctx, Directive, ID, Query, Resolver } from 'type-graphql';
import { idOf, PageArguments, type Connection, pageSize, pageOf } from '@caregraph/subgraph';
import { byId } from '../by-id.js';
import { worksAt } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { Provider } from './provider.js';
import { ProviderConnection, ProviderObject } from './provider.type.js';

@Resolver()
export class ProviderQueries {
  @Query(() => ProviderObject, {
    nullable: true,
    description: 'One provider; null when there is none of that id.',
  })
  provider(@Ctx() deps: Deps, @Arg('id', () => ID) id: string): Promise<Provider | null> {
    return byId(deps, Provider, idOf('id', id));
  }

  @Directive(pageSize)
  @Query(() => ProviderConnection, {
    description:
      'The providers of a practice, oldest first; those who take no bookings only for who works there.',
  })
  providers(
    @Ctx() { em, viewer }: Deps,
    @Arg('practiceId', () => ID) id: string,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<Connection<Provider>> {
    const practiceId = idOf('practiceId', id);
    return pageOf(
      em,
      Provider,
      worksAt(viewer, practiceId) ? { practiceId } : { practiceId, active: true },
      page,
    );
  }
}

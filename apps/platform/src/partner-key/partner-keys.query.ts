// Reading partners' keys: all about them but the keys.
import { Arg, Args, Ctx, Directive, ID, Query, Resolver } from 'type-graphql';
import { idOf, PageArguments, pageSize, type Connection, pageOf } from '@caregraph/subgraph';
import { requireAdmin } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { PartnerKey } from './partner-key.js';
import { PartnerKeyConnection } from './partner-key.type.js';

@Resolver()
export class PartnerKeyQueries {
  @Directive(pageSize)
  @Directive('@authenticated')
  @Query(() => PartnerKeyConnection, {
    description: 'The keys of a practice, revoked ones too, oldest first. For its admins and support.',
  })
  partnerKeys(
    @Ctx() { em, viewer }: Deps,
    @Arg('practiceId', () => ID) practiceId: string,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<Connection<PartnerKey>> {
    const id = idOf('practiceId', practiceId);
    requireAdmin(viewer, id);
    return pageOf(em, PartnerKey, { practiceId: id }, page);
  }
}

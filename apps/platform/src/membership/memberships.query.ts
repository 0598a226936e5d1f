// Reading memberships: a practice's by its admins, one's own by everybody.
import { Arg, Args, Ctx, Directive, ID, Query, Resolver } from 'type-graphql';
import { idOf, PageArguments, pageSize, type Connection, pageOf } from '@caregraph/subgraph';
import { accountOf, requireAdmin } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { Membership } from './membership.js';
import { MembershipConnection, MembershipObject } from './membership.type.js';

/** A person works in few practices. */
const mostOwn = 50;

@Resolver()
export class MembershipQueries {
  @Directive(pageSize)
  @Directive('@authenticated')
  @Query(() => MembershipConnection, {
    description: 'The memberships of a practice, ended ones too, oldest first. For its admins and support.',
  })
  memberships(
    @Ctx() { em, viewer }: Deps,
    @Arg('practiceId', () => ID, {
      nullable: true,
      description: "Left out: those of the platform's own people, for support.",
    })
    practiceId: string | null | undefined,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<Connection<Membership>> {
    const id = practiceId ? idOf('practiceId', practiceId) : null;
    requireAdmin(viewer, id);
    return pageOf(em, Membership, { practiceId: id }, page);
  }

  @Directive('@authenticated')
  @Query(() => [MembershipObject], {
    description: 'What the person logged in may be, where: the memberships that count, at most 50.',
  })
  myMemberships(@Ctx() { em, viewer }: Deps): Promise<Membership[]> {
    return em.find(
      Membership,
      { account: accountOf(viewer), status: 'ACTIVE' },
      { limit: mostOwn, orderBy: { createdAt: 'asc', id: 'asc' } },
    );
  }
}

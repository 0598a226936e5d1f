// Somebody is given a role in a practice by its admins, or by support; support itself by support alone.
import { IsOptional, Length, Matches } from 'class-validator';
import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { badInput, idempotent, idOf, newId, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { record } from '../audit/record.js';
import { byAdmins, requireAdmin } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { lockPractice, PracticeNotKnown } from '../practice/known-practice.js';
import { Membership, MembershipExists, type MembershipRole } from './membership.js';
import { MembershipObject, MembershipRoleEnum } from './membership.type.js';

/** Not what stands for the system, a partner's key or an erased account; nothing that looks like another's and is not. */
const personal = /^(?!system$|partner-key:|erased:)[^\s\p{Cc}\p{Cf}\p{Cs}]+$/u;

@InputType({ description: 'Who is to have which role where.' })
export class GrantMembershipInput {
  @Field(() => ID, { nullable: true, description: 'A UUID of your choice; made by us when left out.' })
  id?: string | null;

  @Field(() => ID, { nullable: true, description: 'The practice; left out for SUPPORT alone.' })
  @IsOptional()
  practiceId?: string | null;

  @Field(() => String, {
    description:
      "Whose: the identity provider's `sub`, 1 to 255 characters, none of them blank or invisible. Neither `system` nor what begins as `partner-key:` or `erased:`, which are nobody's.",
  })
  @Length(1, 255)
  @Matches(personal, { message: 'must be the account of a person' })
  account!: string;

  @Field(() => MembershipRoleEnum, { description: 'The role.' })
  role!: MembershipRole;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const GrantMembershipResult = resultUnion<Membership>()('GrantMembershipResult', MembershipObject, [
  PracticeNotKnown,
  MembershipExists,
]);

@Resolver()
export class GrantMembershipResolver {
  @Directive('@authenticated')
  @Directive(byAdmins)
  @Mutation(() => GrantMembershipResult.type, {
    description: 'Gives somebody a role. For admins of the practice and support, with a second factor.',
  })
  grantMembership(
    @Ctx() deps: Deps,
    @Arg('input', () => GrantMembershipInput) input: GrantMembershipInput,
  ): Promise<OutcomeOf<typeof GrantMembershipResult>> {
    return idempotent(deps, 'grantMembership', input, grantMembership);
  }
}

export async function grantMembership(
  deps: Pick<Deps, 'em' | 'viewer' | 'now'>,
  { id, account, role, ...input }: GrantMembershipInput,
): Promise<Membership | PracticeNotKnown | MembershipExists> {
  const practiceId = input.practiceId ? idOf('practiceId', input.practiceId) : null;
  requireAdmin(deps.viewer, practiceId);
  if ((practiceId === null) !== (role === 'support'))
    throw badInput({ field: 'practiceId', message: 'is needed for every role but SUPPORT, which has none' });

  return deps.em.transactional(async (em) => {
    if (practiceId === null) await lockPlatform(em);
    else if (!(await lockPractice(em, practiceId))) return new PracticeNotKnown();
    const membershipId = await newId(em, Membership, id);
    if (await em.count(Membership, { account, practiceId, role, status: 'ACTIVE' }))
      return new MembershipExists();

    const membership = new Membership();
    Object.assign(membership, { id: membershipId, account, practiceId, role });
    membership.grantedBy = deps.viewer.account;
    membership.createdAt = deps.now;
    em.persist(membership);
    record({ ...deps, em }, membership.changed(), {
      id: membershipId,
      practiceId,
      type: 'membership_granted',
      data: { role },
      whom: { account },
    });
    return membership;
  });
}

/** Where there is no practice to wait for: two that start at the same time grant one after the other. */
const lockPlatform = (em: Deps['em']): Promise<unknown> =>
  em.execute(`select pg_advisory_xact_lock(hashtext('memberships of the platform'))`);

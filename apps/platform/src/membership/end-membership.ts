// A role is taken away again, for good.
import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { Refusal } from '@caregraph/contracts';
import { idempotent, idOf, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { record } from '../audit/record.js';
import { byAdmins, isAdmin, isSupport } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { lockPractice } from '../practice/known-practice.js';
import { LastAdmin, Membership, MembershipEnded, MembershipNotFound } from './membership.js';
import { MembershipObject } from './membership.type.js';

@InputType({ description: 'Which membership is to end.' })
export class EndMembershipInput {
  @Field(() => ID, { description: 'The membership.' })
  membershipId!: string;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const EndMembershipResult = resultUnion<Membership>()('EndMembershipResult', MembershipObject, [
  MembershipNotFound,
  MembershipEnded,
  LastAdmin,
]);

@Resolver()
export class EndMembershipResolver {
  @Directive('@authenticated')
  @Directive(byAdmins)
  @Mutation(() => EndMembershipResult.type, {
    description:
      'Takes a role away. For admins of the practice and support, with a second factor; a last admin for support alone.',
  })
  endMembership(
    @Ctx() deps: Deps,
    @Arg('input', () => EndMembershipInput) input: EndMembershipInput,
  ): Promise<OutcomeOf<typeof EndMembershipResult>> {
    return idempotent(deps, 'endMembership', input, endMembership);
  }
}

export async function endMembership(
  deps: Pick<Deps, 'em' | 'viewer' | 'now'>,
  input: EndMembershipInput,
): Promise<Membership | MembershipNotFound | MembershipEnded | LastAdmin> {
  const id = idOf('membershipId', input.membershipId);
  const { viewer, now } = deps;
  return deps.em.transactional(async (em) => {
    const seen = await em.findOne(Membership, { id });
    if (!seen || !isAdmin(viewer, seen.practiceId)) return new MembershipNotFound();
    // Two admins who end each other wait for one another here.
    if (seen.practiceId !== null) await lockPractice(em, seen.practiceId);
    const membership = await em.findOneOrFail(
      Membership,
      { id },
      { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
    );
    if (!isSupport(viewer) && (await isLastAdmin(em, membership))) return new LastAdmin();

    const outcome = membership.end(viewer.account, now);
    if (outcome instanceof Refusal) return outcome;

    const { practiceId, account, role } = membership;
    const subject = { id, practiceId, data: { role }, whom: { account } };
    record({ ...deps, em }, outcome, { ...subject, type: 'membership_ended' });
    return membership;
  });
}

/** Whether nobody else is left; two accounts are two admins. */
async function isLastAdmin(em: EntityManager, membership: Membership): Promise<boolean> {
  const { id, practiceId, role, status } = membership;
  if (role !== 'admin' || status !== 'ACTIVE') return false;
  return (await em.count(Membership, { practiceId, role, status, id: { $ne: id } })) === 0;
}

// A membership as clients see it, and its refusals.
import { Field, FieldResolver, ID, ObjectType, registerEnumType, Resolver, Root } from 'type-graphql';
import { connectionOf, refusalType } from '@caregraph/subgraph';
import { LastAdmin, MembershipEnded, MembershipExists, MembershipNotFound } from './membership.js';
import { membershipRoles, type Membership, type MembershipRole } from './membership.js';

refusalType(MembershipNotFound, 'Returned when there is no such membership, or the caller may not see it.');
refusalType(MembershipExists, 'Returned when the account has this role in this practice already.');
refusalType(MembershipEnded, 'Returned when the membership has ended already.');
refusalType(LastAdmin, 'Returned when the practice would be left without an admin, by anybody but support.');

/** In capitals in the graph, as every enum there; in lower case in tokens and events. */
export const MembershipRoleEnum = Object.fromEntries(
  membershipRoles.map((role) => [role.toUpperCase(), role]),
) as Record<string, MembershipRole>;
registerEnumType(MembershipRoleEnum, {
  name: 'MembershipRole',
  description: 'What somebody is in a practice; SUPPORT: for the platform, in all of them.',
});

@ObjectType('Membership', { description: 'That an account has a role in a practice, or in all of them.' })
export class MembershipObject {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: "Whose: the identity provider's `sub`." })
  account!: string;

  @Field(() => ID, { nullable: true, description: 'The practice; null for SUPPORT, which spans all.' })
  practiceId!: string | null;

  @Field(() => MembershipRoleEnum, { description: 'The role.' })
  role!: MembershipRole;

  @Field(() => Date, { description: 'Since when.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it ended; null while it counts.' })
  endedAt!: Date | null;
}

@Resolver(() => MembershipObject)
export class MembershipFields {
  @FieldResolver(() => Boolean, {
    description: 'Whether it counts. One that has ended does not come back: it is granted anew.',
  })
  active(@Root() { status }: Membership): boolean {
    return status === 'ACTIVE';
  }
}

export const MembershipConnection = connectionOf(MembershipObject, 'Membership');

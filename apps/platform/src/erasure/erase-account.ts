// A person's right to be erased, where he is known by his account alone. What he was stays, under a name that is
// nobody's; sessions that were ended stay ended. A patient's own data is booking's to erase (`erasePatient`).
import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { Length } from 'class-validator';
import { randomUUID } from 'node:crypto';
import { Arg, Ctx, Directive, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { membershipChanged, Refusal, sessionRevoked } from '@caregraph/contracts';
import { idempotent, refusalType, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { note, record } from '../audit/record.js';
import { bySupport, requireSupport } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { AccountHasMemberships, Membership } from '../membership/membership.js';
import { AccountNotKnown, Erasure, isPseudonym } from './erasure.js';

refusalType(AccountNotKnown, 'Returned when nothing here names the account.');
refusalType(AccountHasMemberships, 'Returned when the account still has a role somewhere.', {
  memberships: { type: () => Int, description: 'How many memberships count.' },
});

@ObjectType('ErasedAccount', { description: 'That an account was forgotten. It does not say whose it was.' })
class ErasedAccountObject {
  @Field(() => ID, { description: 'UUID; `erased:<id>` stands in the place of the account.' })
  id!: string;

  @Field(() => Date, { description: 'When it was erased.' })
  erasedAt!: Date;
}

@InputType({ description: 'Which account is to be forgotten.' })
export class EraseAccountInput {
  @Field(() => String, { description: "The identity provider's `sub`, 1 to 255 characters." })
  @Length(1, 255)
  account!: string;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const EraseAccountResult = resultUnion<Erasure>()('EraseAccountResult', ErasedAccountObject, [
  AccountNotKnown,
  AccountHasMemberships,
]);

@Resolver()
export class EraseAccountResolver {
  @Directive('@authenticated')
  @Directive(bySupport)
  @Mutation(() => EraseAccountResult.type, {
    description:
      'Forgets an account for good: in memberships that have ended, and in the trail. For support, with a second factor.',
  })
  eraseAccount(
    @Ctx() deps: Deps,
    @Arg('input', () => EraseAccountInput) input: EraseAccountInput,
  ): Promise<OutcomeOf<typeof EraseAccountResult>> {
    return idempotent(deps, 'eraseAccount', input, eraseAccount);
  }
}

export async function eraseAccount(
  deps: Pick<Deps, 'em' | 'viewer' | 'now'>,
  { account }: EraseAccountInput,
): Promise<Erasure | AccountNotKnown | AccountHasMemberships> {
  requireSupport(deps.viewer);
  const { now } = deps;
  // Erased again, it would stand under another id than the one that was answered.
  if (isPseudonym(account)) return new AccountNotKnown();
  return deps.em.transactional(async (em) => {
    const memberships = await em.find(
      Membership,
      { account },
      { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } },
    );
    const counting = memberships.filter(({ status }) => status === 'ACTIVE').length;
    if (counting > 0) return new AccountHasMemberships(counting);
    if (!(await isNamed(em, account))) return new AccountNotKnown();

    const erasure = Object.assign(new Erasure(), { id: randomUUID(), erasedAt: now });
    em.persist(erasure);
    note({ ...deps, em }, 'erasure', { id: erasure.id, practiceId: null, type: 'account_erased', data: {} });
    await forgetEvents(em, account, memberships);
    for (const membership of memberships) {
      const event = membership.erase(erasure.pseudonym);
      if (event instanceof Refusal) throw new Error('A membership was granted anew while it was locked.');
      const { id, practiceId, role } = membership;
      record({ ...deps, em }, event, { id, practiceId, type: 'membership_erased', data: { role } });
    }
    await em.flush();
    await forget(em, account, erasure);
    return erasure;
  });
}

const isNamed = async (em: EntityManager, account: string): Promise<boolean> => {
  const [found] = await em.execute<{ named: boolean }[]>(
    `select exists (select from audit_entry where actor_sub = ? or whom ->> 'account' = ?)
       or exists (select from membership where ? in (account, granted_by, ended_by)) as named`,
    [account, account, account],
  );
  return found?.named ?? false;
};

/** What was told of him before: of a role the last word follows, of a session it has been said. */
async function forgetEvents(
  em: EntityManager,
  account: string,
  memberships: readonly Membership[],
): Promise<void> {
  await em.execute('delete from outbox where type = ? and aggregateid = any(?::text[])', [
    membershipChanged.type,
    `{${memberships.map(({ id }) => id).join(',')}}`,
  ]);
  await em.execute(
    `delete from outbox where type = ? and published_at is not null and payload #>> '{data,account}' = ?`,
    [sessionRevoked.type, account],
  );
}

/** What names him besides: as who granted or ended others' roles, and in the trail. */
async function forget(em: EntityManager, account: string, { id, pseudonym }: Erasure): Promise<void> {
  for (const column of ['granted_by', 'ended_by'])
    await em.execute(`update membership set ${column} = ? where ${column} = ?`, [pseudonym, account]);
  await em.execute('select erase_audit_people(?, ?)', [account, id]);
}

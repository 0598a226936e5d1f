// A partner's key is taken away, for good.
import { LockMode } from '@mikro-orm/postgresql';
import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { Refusal } from '@caregraph/contracts';
import { idempotent, idOf, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { record } from '../audit/record.js';
import { byAdmins, isAdmin } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { PartnerKey, PartnerKeyNotFound, PartnerKeyRevoked } from './partner-key.js';
import { PartnerKeyObject } from './partner-key.type.js';

@InputType({ description: 'Which key is to be revoked.' })
export class RevokePartnerKeyInput {
  @Field(() => ID, { description: 'Its id, which is not the key itself.' })
  partnerKeyId!: string;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const RevokePartnerKeyResult = resultUnion<PartnerKey>()('RevokePartnerKeyResult', PartnerKeyObject, [
  PartnerKeyNotFound,
  PartnerKeyRevoked,
]);

@Resolver()
export class RevokePartnerKeyResolver {
  @Directive('@authenticated')
  @Directive(byAdmins)
  @Mutation(() => RevokePartnerKeyResult.type, {
    description: 'Revokes a key. For admins of the practice and support, with a second factor.',
  })
  revokePartnerKey(
    @Ctx() deps: Deps,
    @Arg('input', () => RevokePartnerKeyInput) input: RevokePartnerKeyInput,
  ): Promise<OutcomeOf<typeof RevokePartnerKeyResult>> {
    return idempotent(deps, 'revokePartnerKey', input, revokePartnerKey);
  }
}

export async function revokePartnerKey(
  deps: Pick<Deps, 'em' | 'viewer' | 'now'>,
  input: RevokePartnerKeyInput,
): Promise<PartnerKey | PartnerKeyNotFound | PartnerKeyRevoked> {
  const id = idOf('partnerKeyId', input.partnerKeyId);
  return deps.em.transactional(async (em) => {
    const key = await em.findOne(PartnerKey, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!key || !isAdmin(deps.viewer, key.practiceId)) return new PartnerKeyNotFound();

    const outcome = key.revoke(deps.now);
    if (outcome instanceof Refusal) return outcome;

    const { practiceId, name } = key;
    record({ ...deps, em }, outcome, { id, practiceId, type: 'partner_key_revoked', data: { name } });
    return key;
  });
}

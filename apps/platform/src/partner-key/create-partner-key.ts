// A practice lets a partner's program in. Its key is told once and kept nowhere.
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, Length, Matches } from 'class-validator';
import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { badInput, idempotent, idOf, newId, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { record } from '../audit/record.js';
import { byAdmins, requireAdmin } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { lockPractice, PracticeNotKnown } from '../practice/known-practice.js';
import { keyHash, keyHint, newKeyText } from './key-text.js';
import { mostKeys, PartnerKey, TooManyPartnerKeys } from './partner-key.js';
import { PartnerKeyObject, tellOnce } from './partner-key.type.js';
import { partnerScopes, unknownScopes } from './scopes.policy.js';

@InputType({ description: 'Who gets a key, and for what.' })
export class CreatePartnerKeyInput {
  @Field(() => ID, { nullable: true, description: 'A UUID of your choice; made by us when left out.' })
  id?: string | null;

  @Field(() => ID, { description: 'The practice in which it counts.' })
  practiceId!: string;

  @Field(() => String, { description: "The partner's name, 1 to 100 characters." })
  @Length(1, 100)
  @Matches(/^[^\r\n<>]*[^\s<>][^\r\n<>]*$/, { message: 'must be a name' })
  name!: string;

  @Field(() => [String], {
    description: 'What it may do, 1 to 20: `appointments:read`, `appointments:write`.',
  })
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ArrayUnique()
  scopes!: string[];

  @Field(() => Date, {
    nullable: true,
    description: 'Until when it counts, in the future; left out: until it is revoked.',
  })
  expiresAt?: Date | null;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const CreatePartnerKeyResult = resultUnion<PartnerKey>()('CreatePartnerKeyResult', PartnerKeyObject, [
  PracticeNotKnown,
  TooManyPartnerKeys,
]);

@Resolver()
export class CreatePartnerKeyResolver {
  @Directive('@authenticated')
  @Directive(byAdmins)
  @Mutation(() => CreatePartnerKeyResult.type, {
    description:
      'Makes a key for a partner and tells it this once. For admins of the practice and support, with a second factor.',
  })
  createPartnerKey(
    @Ctx() deps: Deps,
    @Arg('input', () => CreatePartnerKeyInput) input: CreatePartnerKeyInput,
  ): Promise<OutcomeOf<typeof CreatePartnerKeyResult>> {
    return idempotent(deps, 'createPartnerKey', input, createPartnerKey);
  }
}

export async function createPartnerKey(
  deps: Pick<Deps, 'em' | 'viewer' | 'now' | 'realNow'>,
  input: CreatePartnerKeyInput,
): Promise<PartnerKey | PracticeNotKnown | TooManyPartnerKeys> {
  const practiceId = idOf('practiceId', input.practiceId);
  requireAdmin(deps.viewer, practiceId);
  const { scopes, expiresAt = null } = input;
  const { realNow } = deps;
  refuseBadInput(scopes, expiresAt, realNow);
  return deps.em.transactional(async (em) => {
    if (!(await lockPractice(em, practiceId))) return new PracticeNotKnown();
    const id = await newId(em, PartnerKey, input.id);
    const alive = { $or: [{ expiresAt: null }, { expiresAt: { $gt: realNow } }] };
    const keys = await em.count(PartnerKey, { practiceId, status: 'ACTIVE', ...alive });
    if (keys >= mostKeys) return new TooManyPartnerKeys();

    const text = newKeyText();
    const name = input.name.trim();
    const key = new PartnerKey();
    Object.assign(key, { id, practiceId, name, scopes, expiresAt, createdAt: deps.now });
    key.hash = keyHash(text);
    key.hint = keyHint(text);
    em.persist(key);
    record({ ...deps, em }, key.changed(), {
      id,
      practiceId,
      type: 'partner_key_created',
      data: { name, scopes, expiresAt: expiresAt?.toISOString() ?? null },
    });
    tellOnce(key, text);
    return key;
  });
}

function refuseBadInput(scopes: readonly string[], expiresAt: Date | null, realNow: Date): void {
  const unknown = unknownScopes(scopes);
  if (unknown.length > 0) {
    const known = Object.keys(partnerScopes).join(', ');
    throw badInput({ field: 'scopes', message: `${unknown.join(', ')}: there is only ${known}` });
  }
  if (expiresAt && expiresAt <= realNow)
    throw badInput({ field: 'expiresAt', message: 'must be in the future' });
}

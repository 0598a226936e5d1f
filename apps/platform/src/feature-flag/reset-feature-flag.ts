// Support takes back what a feature flag was set to, for everybody or for one provider.
import { Length } from 'class-validator';
import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { Refusal } from '@caregraph/contracts';
import { idempotent, idOf, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { record } from '../audit/record.js';
import { bySupport, requireSupport } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { FeatureFlagForAll, FeatureFlagUnknown, type FeatureFlag } from './feature-flag.js';
import { FeatureFlagObject } from './feature-flag.type.js';
import { lockFlag } from './find-feature-flag.js';

@InputType({ description: 'Which flag is to be as if nobody had set it.' })
export class ResetFeatureFlagInput {
  @Field(() => String, { description: 'The flag.' })
  @Length(1, 100)
  key!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Only what is set for this provider; left out: what is set for everybody.',
  })
  providerId?: string | null;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const ResetFeatureFlagResult = resultUnion<FeatureFlag>()('ResetFeatureFlagResult', FeatureFlagObject, [
  FeatureFlagUnknown,
  FeatureFlagForAll,
]);

@Resolver()
export class ResetFeatureFlagResolver {
  @Directive('@authenticated')
  @Directive(bySupport)
  @Mutation(() => ResetFeatureFlagResult.type, {
    description: 'Sets a flag back, for everybody or for one provider. For support, with a second factor.',
  })
  resetFeatureFlag(
    @Ctx() deps: Deps,
    @Arg('input', () => ResetFeatureFlagInput) input: ResetFeatureFlagInput,
  ): Promise<OutcomeOf<typeof ResetFeatureFlagResult>> {
    return idempotent(deps, 'resetFeatureFlag', input, resetFeatureFlag);
  }
}

export async function resetFeatureFlag(
  deps: Pick<Deps, 'em' | 'viewer' | 'now'>,
  input: ResetFeatureFlagInput,
): Promise<FeatureFlag | FeatureFlagUnknown | FeatureFlagForAll> {
  const { viewer, now } = deps;
  requireSupport(viewer);
  const providerId = input.providerId ? idOf('providerId', input.providerId) : null;
  return deps.em.transactional(async (em) => {
    const flag = await lockFlag(em, input.key);
    if (flag instanceof Refusal) return flag;
    const before = providerId === null ? flag.value : (flag.providers[providerId] ?? null);
    const event =
      providerId === null
        ? flag.set(null, viewer.account, now)
        : flag.resetFor(providerId, viewer.account, now);
    if (event instanceof Refusal) return event;
    em.persist(flag);
    const data = { flag: flag.key, providerId, before };
    record({ ...deps, em }, event, { id: flag.id, practiceId: null, type: 'feature_flag_reset', data });
    return flag;
  });
}

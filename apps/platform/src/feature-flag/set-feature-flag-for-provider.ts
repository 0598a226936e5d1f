// Support sets a feature flag for one provider.
import { Length } from 'class-validator';
import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { Refusal } from '@caregraph/contracts';
import { idempotent, idOf, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { record } from '../audit/record.js';
import { bySupport, requireSupport } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { FeatureFlagForAll, FeatureFlagFull, FeatureFlagUnknown, type FeatureFlag } from './feature-flag.js';
import { FeatureFlagObject } from './feature-flag.type.js';
import { lockFlag } from './find-feature-flag.js';

@InputType({ description: 'Which flag is to be what for which provider.' })
export class SetFeatureFlagForProviderInput {
  @Field(() => String, { description: 'The flag, a switch.' })
  @Length(1, 100)
  key!: string;

  @Field(() => ID, { description: 'The provider; that there is one of this id is not checked.' })
  providerId!: string;

  @Field(() => Boolean, { description: 'What it is to be.' })
  on!: boolean;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const SetFeatureFlagForProviderResult = resultUnion<FeatureFlag>()(
  'SetFeatureFlagForProviderResult',
  FeatureFlagObject,
  [FeatureFlagUnknown, FeatureFlagForAll, FeatureFlagFull],
);

@Resolver()
export class SetFeatureFlagForProviderResolver {
  @Directive('@authenticated')
  @Directive(bySupport)
  @Mutation(() => SetFeatureFlagForProviderResult.type, {
    description:
      'Sets a switch for one provider; it counts where the switch is not set for everybody. For support, with a second factor.',
  })
  setFeatureFlagForProvider(
    @Ctx() deps: Deps,
    @Arg('input', () => SetFeatureFlagForProviderInput) input: SetFeatureFlagForProviderInput,
  ): Promise<OutcomeOf<typeof SetFeatureFlagForProviderResult>> {
    return idempotent(deps, 'setFeatureFlagForProvider', input, setFeatureFlagForProvider);
  }
}

export async function setFeatureFlagForProvider(
  deps: Pick<Deps, 'em' | 'viewer' | 'now'>,
  input: SetFeatureFlagForProviderInput,
): Promise<FeatureFlag | FeatureFlagUnknown | FeatureFlagForAll | FeatureFlagFull> {
  const { viewer, now } = deps;
  requireSupport(viewer);
  const providerId = idOf('providerId', input.providerId);
  return deps.em.transactional(async (em) => {
    const flag = await lockFlag(em, input.key);
    if (flag instanceof Refusal) return flag;
    const before = flag.providers[providerId] ?? null;
    const event = flag.setFor(providerId, input.on, viewer.account, now);
    if (event instanceof Refusal) return event;
    em.persist(flag);
    const data = { flag: flag.key, providerId, before, after: input.on };
    record({ ...deps, em }, event, { id: flag.id, practiceId: null, type: 'feature_flag_set', data });
    return flag;
  });
}

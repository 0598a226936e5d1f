// Support sets a feature flag for everybody.
import { IsInt, IsOptional, Length, Max, Min } from 'class-validator';
import { Arg, Ctx, Directive, Field, InputType, Int, Mutation, Resolver } from 'type-graphql';
import { Refusal } from '@caregraph/contracts';
import { badInput, idempotent, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { record } from '../audit/record.js';
import { bySupport, requireSupport } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { FeatureFlagUnknown, type FeatureFlag } from './feature-flag.js';
import { FeatureFlagObject } from './feature-flag.type.js';
import { lockFlag } from './find-feature-flag.js';

@InputType({ description: 'Which flag is to be what: `on` for a switch, `percentage` for a percentage.' })
export class SetFeatureFlagInput {
  @Field(() => String, { description: 'The flag.' })
  @Length(1, 100)
  key!: string;

  @Field(() => Boolean, { nullable: true, description: 'For switches and kill switches.' })
  on?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'For percentages, 0 to 100.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100)
  percentage?: number | null;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const SetFeatureFlagResult = resultUnion<FeatureFlag>()('SetFeatureFlagResult', FeatureFlagObject, [
  FeatureFlagUnknown,
]);

@Resolver()
export class SetFeatureFlagResolver {
  @Directive('@authenticated')
  @Directive(bySupport)
  @Mutation(() => SetFeatureFlagResult.type, {
    description:
      'Sets a flag for everybody; that counts before what is set for single providers. For support, with a second factor.',
  })
  setFeatureFlag(
    @Ctx() deps: Deps,
    @Arg('input', () => SetFeatureFlagInput) input: SetFeatureFlagInput,
  ): Promise<OutcomeOf<typeof SetFeatureFlagResult>> {
    return idempotent(deps, 'setFeatureFlag', input, setFeatureFlag);
  }
}

export async function setFeatureFlag(
  deps: Pick<Deps, 'em' | 'viewer' | 'now'>,
  input: SetFeatureFlagInput,
): Promise<FeatureFlag | FeatureFlagUnknown> {
  const { viewer, now } = deps;
  requireSupport(viewer);
  return deps.em.transactional(async (em) => {
    const flag = await lockFlag(em, input.key);
    if (flag instanceof Refusal) return flag;
    const value = valueOf(flag, input);
    const before = flag.value;
    const event = flag.set(value, viewer.account, now);
    em.persist(flag);
    const data = { flag: flag.key, before, after: value };
    record({ ...deps, em }, event, { id: flag.id, practiceId: null, type: 'feature_flag_set', data });
    return flag;
  });
}

/** The one value that the flag's kind takes. */
function valueOf({ definition }: FeatureFlag, { on, percentage }: SetFeatureFlagInput): boolean | number {
  const [wanted, other, field] =
    definition.kind === 'percentage' ? [percentage, on, 'percentage'] : [on, percentage, 'on'];
  if (wanted === undefined || wanted === null || (other !== undefined && other !== null))
    throw badInput({ field, message: 'is what this flag is set by, and nothing else' });
  return wanted;
}

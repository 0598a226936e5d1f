// A provider's hours of every week, replaced whole: what is not sent is not worked any more.
import { ArrayMaxSize, ValidateNested } from 'class-validator';
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { idempotent, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import type { Deps } from '../deps.js';
import { UnknownLocation } from '../location/location.js';
import { UnknownProvider, type Provider } from '../provider/provider.js';
import { ProviderObject } from '../provider/provider.type.js';
import { weeklyBlock, WeeklyBlockInput } from './block.input.js';
import { changeSchedule } from './change-schedule.js';
import { refusalOfHours, WeeklyHours, WeeklyHoursInvalid } from './schedule.js';

@InputType({ description: 'When a provider works every week.' })
export class SetWeeklyHoursInput {
  @Field(() => ID, { description: 'The provider.' })
  providerId!: string;

  @Field(() => [WeeklyBlockInput], {
    description: 'All of his hours, at most 100 blocks; none: he does not work.',
  })
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  blocks!: WeeklyBlockInput[];

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const SetWeeklyHoursResult = resultUnion<Provider>()('SetWeeklyHoursResult', ProviderObject, [
  UnknownProvider,
  UnknownLocation,
  WeeklyHoursInvalid,
]);

@Resolver()
export class SetWeeklyHoursResolver {
  @Mutation(() => SetWeeklyHoursResult.type, {
    description:
      "Replaces all of a provider's weekly hours. For admins of his practice, and himself where `keepsOwnHours`.",
  })
  setWeeklyHours(
    @Ctx() deps: Deps,
    @Arg('input', () => SetWeeklyHoursInput) input: SetWeeklyHoursInput,
  ): Promise<OutcomeOf<typeof SetWeeklyHoursResult>> {
    return idempotent(deps, 'setWeeklyHours', input, setWeeklyHours);
  }
}

export async function setWeeklyHours(
  deps: Deps,
  input: SetWeeklyHoursInput,
): Promise<Provider | UnknownProvider | UnknownLocation | WeeklyHoursInvalid> {
  const blocks = input.blocks.map((block, index) => weeklyBlock(block, `blocks.${index}`));
  return changeSchedule(deps, input.providerId, blocks, async ({ id, practiceId }, em) => {
    const refusal = refusalOfHours(blocks);
    if (refusal) return refusal;

    const hours = await em.findOne(WeeklyHours, { id });
    if (hours) hours.replace(blocks, deps.now);
    else em.persist(Object.assign(new WeeklyHours(), { id, practiceId, blocks, updatedAt: deps.now }));
    return undefined;
  });
}

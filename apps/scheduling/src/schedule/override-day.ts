// One date on which a provider works differently from every week, or not at all (SC-003, SC-006).
import { randomUUID } from 'node:crypto';
import { ArrayMaxSize, ValidateNested } from 'class-validator';
import { GraphQLLocalDate } from 'graphql-scalars';
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { idempotent, resultUnion, type OutcomeOf } from '@caregraph/subgraph';
import { formatLocalDate } from '@caregraph/time';
import type { Deps } from '../deps.js';
import { UnknownLocation } from '../location/location.js';
import { UnknownProvider, type Provider } from '../provider/provider.js';
import { ProviderObject } from '../provider/provider.type.js';
import { dateOf, workingBlock, WorkingBlockInput } from './block.input.js';
import { changeSchedule } from './change-schedule.js';
import { OverriddenDay, refusalOfDay, WeeklyHoursInvalid } from './schedule.js';

@InputType({ description: 'The hours of one date.' })
export class OverrideDayInput {
  @Field(() => ID, { description: 'The provider.' })
  providerId!: string;

  @Field(() => GraphQLLocalDate, { description: "On the provider's calendar." })
  date!: string;

  @Field(() => [WorkingBlockInput], {
    nullable: true,
    description: 'The hours of that date, at most 20 blocks; none: a day off; null: as every week again.',
  })
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  blocks?: WorkingBlockInput[] | null;

  @Field(() => String, { nullable: true, description: 'Wins over the header Idempotency-Key.' })
  idempotencyKey?: string | null;
}

const OverrideDayResult = resultUnion<Provider>()('OverrideDayResult', ProviderObject, [
  UnknownProvider,
  UnknownLocation,
  WeeklyHoursInvalid,
]);

@Resolver()
export class OverrideDayResolver {
  @Mutation(() => OverrideDayResult.type, {
    description:
      "Sets a provider's hours of one date, in place of those of every week. For admins of his practice, and himself where `keepsOwnHours`.",
  })
  overrideDay(
    @Ctx() deps: Deps,
    @Arg('input', () => OverrideDayInput) input: OverrideDayInput,
  ): Promise<OutcomeOf<typeof OverrideDayResult>> {
    return idempotent(deps, 'overrideDay', input, overrideDay);
  }
}

export async function overrideDay(
  deps: Deps,
  input: OverrideDayInput,
): Promise<Provider | UnknownProvider | UnknownLocation | WeeklyHoursInvalid> {
  const day = dateOf('date', input.date);
  const date = formatLocalDate(day);
  const blocks = input.blocks?.map((block, index) => workingBlock(block, `blocks.${index}`));
  return changeSchedule(deps, input.providerId, blocks ?? [], async ({ id: providerId, practiceId }, em) => {
    const refusal = refusalOfDay(day, blocks ?? []);
    if (refusal) return refusal;

    await em.nativeDelete(OverriddenDay, { providerId, date });
    const values = { id: randomUUID(), practiceId, providerId, date, updatedAt: deps.now };
    if (blocks) em.persist(Object.assign(new OverriddenDay(), { ...values, blocks }));
    return undefined;
  });
}

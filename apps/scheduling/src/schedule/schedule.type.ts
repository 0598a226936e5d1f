// A provider's hours as clients see them. Public.
import { GraphQLLocalDate, GraphQLLocalEndTime, GraphQLLocalTime } from 'graphql-scalars';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { badInput, refusalType } from '@caregraph/subgraph';
import { formatLocalDate, formatLocalTime } from '@caregraph/time';
import { byId } from '../by-id.js';
import type { Deps } from '../deps.js';
import type { Provider } from '../provider/provider.js';
import { ProviderObject } from '../provider/provider.type.js';
import { dateOf } from './block.input.js';
import { OverriddenDay, WeeklyHours, WeeklyHoursInvalid } from './schedule.js';
import type { WeeklyHoursFault } from './weekly-hours.policy.js';
import type { MinuteRange, WeeklyBlock, WorkingBlock } from './working-day.policy.js';

const WeeklyHoursFaultEnum: Record<WeeklyHoursFault, WeeklyHoursFault> = {
  BLOCK_TIMES_INVALID: 'BLOCK_TIMES_INVALID',
  BREAK_OUTSIDE_BLOCK: 'BREAK_OUTSIDE_BLOCK',
  BREAKS_OVERLAP: 'BREAKS_OVERLAP',
  EFFECTIVE_DATES_INVERTED: 'EFFECTIVE_DATES_INVERTED',
  BLOCKS_OVERLAP: 'BLOCKS_OVERLAP',
};
registerEnumType(WeeklyHoursFaultEnum, {
  name: 'WeeklyHoursFault',
  description: 'What is wrong with a block of work.',
});

refusalType(WeeklyHoursInvalid, 'Returned when the blocks make no schedule.', {
  fault: { type: () => WeeklyHoursFaultEnum, description: 'What is wrong.' },
  index: { type: () => Int, description: 'With which of the blocks, counted from 0.' },
});

@ObjectType('Break', { description: 'A pause within a block of work.' })
class BreakObject {
  @Field(() => GraphQLLocalTime, { description: "On the provider's wall clock." })
  start!: string;

  @Field(() => GraphQLLocalEndTime, { description: "On the provider's wall clock." })
  end!: string;
}

@ObjectType('WorkingBlock', { description: 'A stretch of work at one location.' })
class WorkingBlockObject extends BreakObject {
  @Field(() => ID, { description: "One of the provider's locations." })
  locationId!: string;

  @Field(() => [BreakObject], { description: 'At most 10.' })
  breaks!: BreakObject[];
}

@ObjectType('WeeklyBlock', { description: 'A stretch of work of every week.' })
class WeeklyBlockObject extends WorkingBlockObject {
  @Field(() => Int, { description: 'Sunday is 0, Saturday is 6.' })
  weekday!: number;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'The first date on which it counts.' })
  effectiveFrom!: string | null;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'The last date on which it counts.' })
  effectiveTo!: string | null;
}

@ObjectType('OverriddenDay', { description: 'A date with other hours than those of every week.' })
class OverriddenDayObject {
  @Field(() => GraphQLLocalDate, { description: "On the provider's calendar." })
  date!: string;

  @Field(() => [WorkingBlockObject], {
    description: 'The hours of that date, at most 20 blocks; none: a day off.',
  })
  blocks!: WorkingBlockObject[];
}

/** A year. */
const mostDays = 366;

@Resolver(() => ProviderObject)
export class ProviderSchedule {
  @FieldResolver(() => [WeeklyBlockObject], {
    description: 'His hours of every week, at most 100 blocks (SC-048).',
  })
  async weeklyHours(@Root() { id }: Provider, @Ctx() deps: Deps): Promise<WeeklyBlockObject[]> {
    const hours = await byId(deps, WeeklyHours, id);
    return (hours?.blocks ?? []).map(shownWeekly);
  }

  @FieldResolver(() => [OverriddenDayObject], {
    description: 'Dates with other hours, first to last date, at most a year.',
  })
  async overriddenDays(
    @Root() { id: providerId }: Provider,
    @Ctx() { em }: Deps,
    @Arg('from', () => GraphQLLocalDate) from: string,
    @Arg('to', () => GraphQLLocalDate, { description: 'The last date, at most 366 days after `from`.' })
    to: string,
  ): Promise<OverriddenDayObject[]> {
    const days = dateOf('to', to) - dateOf('from', from);
    if (days < 0 || days > mostDays)
      throw badInput({ field: 'to', message: 'must be 0 to 366 days after from' });
    const overridden = await em.find(
      OverriddenDay,
      { providerId, date: { $gte: from, $lte: to } },
      { orderBy: { date: 'asc' } },
    );
    return overridden.map(({ date, blocks }) => ({ date, blocks: blocks.map(shownBlock) }));
  }
}

const shown = ({ start, end }: MinuteRange): BreakObject => ({
  start: formatLocalTime(start),
  end: formatLocalTime(end),
});

const shownBlock = (block: WorkingBlock): WorkingBlockObject => ({
  ...shown(block),
  locationId: block.locationId,
  breaks: block.breaks.map(shown),
});

const shownWeekly = (block: WeeklyBlock): WeeklyBlockObject => ({
  ...shownBlock(block),
  weekday: block.weekday,
  effectiveFrom: block.effectiveFrom === null ? null : formatLocalDate(block.effectiveFrom),
  effectiveTo: block.effectiveTo === null ? null : formatLocalDate(block.effectiveTo),
});

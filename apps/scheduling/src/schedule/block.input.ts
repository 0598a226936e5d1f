// Working hours as clients send them: wall clock in, whole minutes and days out.
import { ArrayMaxSize, Max, Min, ValidateNested } from 'class-validator';
import { GraphQLLocalDate, GraphQLLocalEndTime, GraphQLLocalTime } from 'graphql-scalars';
import { Field, ID, InputType, Int } from 'type-graphql';
import { badInput, idOf } from '@caregraph/subgraph';
import { parseLocalDate, parseLocalEndTime, parseLocalTime, type Weekday } from '@caregraph/time';
import type { MinuteRange, WeeklyBlock, WorkingBlock } from './working-day.policy.js';

@InputType({ description: 'A pause within a block of work.' })
export class BreakInput {
  @Field(() => GraphQLLocalTime, { description: "On the provider's wall clock." })
  start!: string;

  @Field(() => GraphQLLocalEndTime, { description: 'After the start, on the same day.' })
  end!: string;
}

@InputType({ description: 'A stretch of work at one location.' })
export class WorkingBlockInput {
  @Field(() => GraphQLLocalTime, {
    description: "On the provider's wall clock; starts are offered from it on.",
  })
  start!: string;

  @Field(() => GraphQLLocalEndTime, { description: 'After the start, on the same day; 24:00 is midnight.' })
  end!: string;

  @Field(() => ID, { description: "One of the provider's locations." })
  locationId!: string;

  @Field(() => [BreakInput], {
    defaultValue: [],
    description: 'Inside the block and apart from each other, at most 10.',
  })
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  breaks!: BreakInput[];
}

@InputType({ description: 'A stretch of work of every week.' })
export class WeeklyBlockInput extends WorkingBlockInput {
  @Field(() => Int, { description: 'Sunday is 0, Saturday is 6.' })
  @Min(0)
  @Max(6)
  weekday!: number;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'The first date on which it counts.' })
  effectiveFrom?: string | null;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'The last date on which it counts.' })
  effectiveTo?: string | null;
}

export const weeklyBlock = (input: WeeklyBlockInput, path: string): WeeklyBlock => ({
  ...workingBlock(input, path),
  weekday: input.weekday as Weekday,
  effectiveFrom: input.effectiveFrom ? dateOf(`${path}.effectiveFrom`, input.effectiveFrom) : null,
  effectiveTo: input.effectiveTo ? dateOf(`${path}.effectiveTo`, input.effectiveTo) : null,
});

export const workingBlock = (input: WorkingBlockInput, path: string): WorkingBlock => ({
  ...range(input, path),
  locationId: idOf(`${path}.locationId`, input.locationId),
  breaks: input.breaks.map((pause, index) => range(pause, `${path}.breaks.${index}`)),
});

/** A plain date as days since 1970-01-01; refuses what is none. */
export function dateOf(field: string, text: string): number {
  const date = parseLocalDate(text);
  if (date === undefined) throw badInput({ field, message: 'must be a date' });
  return date;
}

function range({ start, end }: BreakInput, path: string): MinuteRange {
  const [from, to] = [parseLocalTime(start), parseLocalEndTime(end)];
  if (from === undefined)
    throw badInput({ field: `${path}.start`, message: 'must be a time of day in whole minutes' });
  if (to === undefined)
    throw badInput({ field: `${path}.end`, message: 'must be a time of day in whole minutes' });
  return { start: from, end: to };
}

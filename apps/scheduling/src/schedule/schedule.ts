// When a provider works, as he set it: the hours of every week, replaced whole, and single days that differ (SC-002, SC-006).
// No event tells of it: free times are asked for here, and what booking must know stands in the offer.
import { Refusal } from '@caregraph/contracts';
import { weekdayOf } from '@caregraph/time';
import { faultInWeeklyHours, type WeeklyHoursFault } from './weekly-hours.policy.js';
import type { WeeklyBlock, WorkingBlock } from './working-day.policy.js';

export class WeeklyHoursInvalid extends Refusal {
  readonly code = 'WEEKLY_HOURS_INVALID';
  readonly message: string;
  constructor(
    readonly fault: WeeklyHoursFault,
    readonly index: number,
  ) {
    super();
    this.message = `The block at ${index} makes no schedule: ${fault}.`;
  }
}

/** The hours of every week of one provider. */
export class WeeklyHours {
  /** The provider's: he has one set of weekly hours. */
  id!: string;
  practiceId!: string;
  version = 1;
  blocks!: WeeklyBlock[];
  updatedAt!: Date;

  replace(blocks: WeeklyBlock[], now: Date): void {
    this.blocks = blocks;
    this.version += 1;
    this.updatedAt = now;
  }
}

/** One date on which a provider works differently, or not at all. */
export class OverriddenDay {
  id!: string;
  practiceId!: string;
  providerId!: string;
  /** `2026-03-09`, on the provider's calendar. */
  date!: string;
  blocks!: WorkingBlock[];
  updatedAt!: Date;
}

/** Why these blocks are no weekly hours. */
export function refusalOfHours(blocks: readonly WeeklyBlock[]): WeeklyHoursInvalid | undefined {
  const found = faultInWeeklyHours(blocks);
  return found && new WeeklyHoursInvalid(found.fault, found.index);
}

/** Why these blocks are no day; the same rules as those of a week. */
export const refusalOfDay = (date: number, blocks: readonly WorkingBlock[]): WeeklyHoursInvalid | undefined =>
  refusalOfHours(
    blocks.map((block) => ({ ...block, weekday: weekdayOf(date), effectiveFrom: null, effectiveTo: null })),
  );

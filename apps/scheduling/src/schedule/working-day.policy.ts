// Which hours a provider works on a date (Y-24): a one-off override of that date, else the weekly blocks in effect.
import { weekdayOf, type Weekday } from '@caregraph/time';

/** Minutes since midnight on the provider's wall clock, half-open; the end may be 1440 (24:00). */
export interface MinuteRange {
  readonly start: number;
  readonly end: number;
}

/** One stretch of work at one location, with its breaks inside of it. */
export interface WorkingBlock extends MinuteRange {
  readonly locationId: string;
  readonly breaks: readonly MinuteRange[];
}

/** A block of every week. Both dates count as in effect (days since 1970-01-01); null is without end. */
export interface WeeklyBlock extends WorkingBlock {
  readonly weekday: Weekday;
  readonly effectiveFrom: number | null;
  readonly effectiveTo: number | null;
}

/** Replaces all weekly blocks of one date (days since 1970-01-01); no blocks is a day off. */
export interface DayOverride {
  readonly date: number;
  readonly blocks: readonly WorkingBlock[];
}

/** When a provider works, as the clock on their wall shows it. */
export interface Schedule {
  /** IANA name. */
  readonly timeZone: string;
  readonly weekly: readonly WeeklyBlock[];
  readonly overrides?: readonly DayOverride[];
}

/** The blocks of a date (days since 1970-01-01), breaks still inside them. */
export function workingBlocksOn(schedule: Schedule, date: number): readonly WorkingBlock[] {
  const override = schedule.overrides?.find((candidate) => candidate.date === date);
  if (override) return override.blocks;
  const weekday = weekdayOf(date);
  return schedule.weekly.filter((block) => block.weekday === weekday && isInEffect(block, date));
}

const isInEffect = ({ effectiveFrom, effectiveTo }: WeeklyBlock, date: number): boolean =>
  (effectiveFrom === null || effectiveFrom <= date) && (effectiveTo === null || date <= effectiveTo);

// What a set of weekly blocks must keep to before it may be a schedule.
import type { MinuteRange, WeeklyBlock } from './working-day.policy.js';

export type WeeklyHoursFault =
  | 'BLOCK_TIMES_INVALID'
  | 'BREAK_OUTSIDE_BLOCK'
  | 'BREAKS_OVERLAP'
  | 'EFFECTIVE_DATES_INVERTED'
  | 'BLOCKS_OVERLAP';

/**
 * The first fault and the index of the block that has it, or undefined when the blocks make a schedule: each ends after
 * it starts and on the same day, breaks lie inside their block and apart, and no two blocks of a weekday overlap while
 * both are in effect (a provider is in one place at a time). Touching is allowed everywhere.
 */
export function faultInWeeklyHours(
  blocks: readonly WeeklyBlock[],
): { readonly fault: WeeklyHoursFault; readonly index: number } | undefined {
  for (const [index, block] of blocks.entries()) {
    const fault = faultInBlock(block);
    if (fault) return { fault, index };
    if (blocks.slice(0, index).some((earlier) => clash(earlier, block)))
      return { fault: 'BLOCKS_OVERLAP', index };
  }
  return undefined;
}

function faultInBlock(block: WeeklyBlock): WeeklyHoursFault | undefined {
  if (!isRangeOfDay(block)) return 'BLOCK_TIMES_INVALID';
  const { breaks, effectiveFrom, effectiveTo } = block;
  if (breaks.some((pause) => !isRangeOfDay(pause) || pause.start < block.start || pause.end > block.end)) {
    return 'BREAK_OUTSIDE_BLOCK';
  }
  if (
    breaks.some((pause, index) => breaks.slice(0, index).some((earlier) => rangesOverlap(earlier, pause)))
  ) {
    return 'BREAKS_OVERLAP';
  }
  const inverted = effectiveFrom !== null && effectiveTo !== null && effectiveTo < effectiveFrom;
  return inverted ? 'EFFECTIVE_DATES_INVERTED' : undefined;
}

const isRangeOfDay = ({ start, end }: MinuteRange): boolean =>
  Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end && end <= 1440;

const rangesOverlap = (a: MinuteRange, b: MinuteRange): boolean => a.start < b.end && b.start < a.end;

const clash = (a: WeeklyBlock, b: WeeklyBlock): boolean =>
  a.weekday === b.weekday && rangesOverlap(a, b) && inEffectTogether(a, b);

const inEffectTogether = (a: WeeklyBlock, b: WeeklyBlock): boolean =>
  (a.effectiveFrom ?? -Infinity) <= (b.effectiveTo ?? Infinity) &&
  (b.effectiveFrom ?? -Infinity) <= (a.effectiveTo ?? Infinity);

import { faultInWeeklyHours } from './weekly-hours.policy.js';
import type { WeeklyBlock } from './working-day.policy.js';

const block = (changes: Partial<WeeklyBlock> = {}): WeeklyBlock => ({
  weekday: 1,
  start: 480,
  end: 1020,
  locationId: 'office',
  breaks: [],
  effectiveFrom: null,
  effectiveTo: null,
  ...changes,
});

describe('weekly hours', () => {
  it.each([
    ['no blocks at all', []],
    ['a whole day', [block({ start: 0, end: 1440 })]],
    [
      'breaks that touch each other and the edges',
      [
        block({
          breaks: [
            { start: 480, end: 540 },
            { start: 540, end: 1020 },
          ],
        }),
      ],
    ],
    ['blocks that touch', [block({ end: 720 }), block({ start: 720, locationId: 'branch' })]],
    ['the same hours on two weekdays', [block(), block({ weekday: 2 })]],
    [
      'the same hours one after the other',
      [block({ effectiveTo: 20_000 }), block({ effectiveFrom: 20_001 })],
    ],
  ])('allow %s', (_, blocks) => {
    expect(faultInWeeklyHours(blocks)).toBeUndefined();
  });

  it.each([
    ['an end at the start', [block({ end: 480 })], 'BLOCK_TIMES_INVALID', 0],
    ['an end after midnight', [block({ end: 1500 })], 'BLOCK_TIMES_INVALID', 0],
    ['a start before midnight', [block({ start: -30 })], 'BLOCK_TIMES_INVALID', 0],
    ['half minutes', [block({ start: 480.5 })], 'BLOCK_TIMES_INVALID', 0],
    ['a break that reaches out', [block({ breaks: [{ start: 1000, end: 1030 }] })], 'BREAK_OUTSIDE_BLOCK', 0],
    ['an inverted break', [block({ breaks: [{ start: 800, end: 720 }] })], 'BREAK_OUTSIDE_BLOCK', 0],
    [
      'breaks that overlap',
      [
        block({
          breaks: [
            { start: 600, end: 700 },
            { start: 690, end: 720 },
          ],
        }),
      ],
      'BREAKS_OVERLAP',
      0,
    ],
    [
      'dates the wrong way round',
      [block({ effectiveFrom: 20_001, effectiveTo: 20_000 })],
      'EFFECTIVE_DATES_INVERTED',
      0,
    ],
    [
      'overlapping blocks, also at another location',
      [block(), block({ start: 960, end: 1200, locationId: 'branch' })],
      'BLOCKS_OVERLAP',
      1,
    ],
    [
      'blocks that overlap on one date only',
      [block({ effectiveTo: 20_000 }), block({ effectiveFrom: 20_000 })],
      'BLOCKS_OVERLAP',
      1,
    ],
  ] as const)('refuse %s', (_, blocks, fault, index) => {
    expect(faultInWeeklyHours(blocks)).toEqual({ fault, index });
  });
});

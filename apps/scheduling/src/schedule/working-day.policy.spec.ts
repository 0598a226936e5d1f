import { parseLocalDate } from '@caregraph/time';
import { workingBlocksOn, type Schedule, type WeeklyBlock } from './working-day.policy.js';

const date = (text: string): number => parseLocalDate(text) ?? Number.NaN;
const monday: WeeklyBlock = {
  weekday: 1,
  start: 480,
  end: 720,
  locationId: 'office',
  breaks: [],
  effectiveFrom: null,
  effectiveTo: null,
};
const startsOn = (schedule: Schedule, day: string): number[] =>
  workingBlocksOn(schedule, date(day)).map((block) => block.start);

describe('a working day', () => {
  it('is the weekly blocks of its weekday', () => {
    const schedule = { timeZone: 'UTC', weekly: [monday, { ...monday, start: 780, end: 1020 }] };
    expect(startsOn(schedule, '2026-03-09')).toEqual([480, 780]);
    expect(startsOn(schedule, '2026-03-10')).toEqual([]);
  });

  it('has only the blocks in effect, the first and the last date included', () => {
    const block = { ...monday, effectiveFrom: date('2026-03-09'), effectiveTo: date('2026-03-16') };
    const schedule = { timeZone: 'UTC', weekly: [block] };
    expect(
      ['2026-03-02', '2026-03-09', '2026-03-16', '2026-03-23'].map((day) => startsOn(schedule, day)),
    ).toEqual([[], [480], [480], []]);
  });

  it('is what a one-off override says, instead of the weekly blocks (Y-24)', () => {
    const schedule = {
      timeZone: 'UTC',
      weekly: [monday],
      overrides: [
        { date: date('2026-03-09'), blocks: [] },
        { date: date('2026-03-10'), blocks: [{ ...monday, start: 600 }] },
      ],
    };
    expect(startsOn(schedule, '2026-03-09')).toEqual([]);
    expect(startsOn(schedule, '2026-03-10')).toEqual([600]);
    expect(startsOn(schedule, '2026-03-16')).toEqual([480]);
  });
});

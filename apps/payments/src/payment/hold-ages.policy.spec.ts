import { holdAge, holdAges } from './hold-ages.policy.js';

const now = new Date('2026-12-08T12:00:00Z');
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000);

describe('the age of a hold', () => {
  it.each([
    [0, 'UNDER_1_DAY'],
    [0.99, 'UNDER_1_DAY'],
    [1, 'DAYS_1_TO_3'],
    [3, 'DAYS_3_TO_5'],
    [5, 'DAYS_5_TO_7'],
    [6.99, 'DAYS_5_TO_7'],
    [7, 'OVER_7_DAYS'],
  ])('of %s days is %s', (days, age) => {
    expect(holdAge(daysAgo(days), now)).toBe(age);
  });

  it('is counted by class, and said the louder the older it is', () => {
    expect(holdAges([], now)).toEqual([]);
    expect(holdAges([daysAgo(0), daysAgo(4), daysAgo(6), daysAgo(6.5), daysAgo(8)], now)).toEqual([
      { age: 'UNDER_1_DAY', count: 1, level: 'info' },
      { age: 'DAYS_3_TO_5', count: 1, level: 'info' },
      { age: 'DAYS_5_TO_7', count: 2, level: 'warn' },
      { age: 'OVER_7_DAYS', count: 1, level: 'error' },
    ]);
  });
});

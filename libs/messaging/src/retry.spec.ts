import { defaultRetry, pauseBefore } from './retry.js';

const longestPauses = (): number[] => [2, 3, 4, 5, 6].map((attempt) => pauseBefore(attempt, defaultRetry, 1));

describe('the pause before a retry', () => {
  it('doubles its bound from try to try', () => {
    expect(longestPauses()).toEqual([300, 600, 1_200, 2_400, 4_800]);
  });

  it('adds up to no more than ten seconds over all tries', () => {
    expect(longestPauses().reduce((sum, pause) => sum + pause, 0)).toBeLessThan(10_000);
  });

  it('is anything between nothing and its bound', () => {
    expect(pauseBefore(4, defaultRetry, 0)).toBe(0);
    expect(pauseBefore(4, defaultRetry, 0.5)).toBe(600);
  });
});

import { freshMinutes, isFresh } from './freshness.policy.js';

describe('what is known of an outside calendar', () => {
  const now = new Date('2026-11-21T12:00:00.000Z');
  const readBefore = (milliseconds: number): boolean => isFresh(new Date(now.getTime() - milliseconds), now);

  it('is fresh for thirty minutes, and not a millisecond longer', () => {
    expect(freshMinutes).toBe(30);
    expect(readBefore(0)).toBe(true);
    expect(readBefore(30 * 60_000)).toBe(true);
    expect(readBefore(30 * 60_000 + 1)).toBe(false);
  });

  it('is not fresh where it was never read', () => {
    expect(isFresh(null, now)).toBe(false);
  });
});

import { mostAttempts, retryAt } from './retry.policy.js';

const now = new Date('2026-11-21T12:00:00.000Z');
const pause = (attempts: number, retryAfter = 0): number | undefined => {
  const at = retryAt(attempts, retryAfter, now);
  return at && (at.getTime() - now.getTime()) / 1_000;
};

describe('the next try of a mail that was certainly not taken', () => {
  it('waits twice as long each time, at most a quarter of an hour, and ends', () => {
    expect([1, 2, 3, 8, 9].map((attempts) => pause(attempts))).toEqual([5, 10, 20, 640, 900]);
    expect(pause(mostAttempts)).toBeUndefined();
  });

  it('is never before the vendor said', () => {
    expect(pause(1, 60)).toBe(60);
    expect(pause(5, 1)).toBe(80);
  });
});

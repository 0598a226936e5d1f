import { localTime } from './local-time.policy.js';

describe('a local time', () => {
  it.each([
    ['America/Denver', '2026-06-08T15:00:00Z', '2026-06-08T09:00:00-06:00'],
    ['Asia/Kolkata', '2026-06-08T20:00:00Z', '2026-06-09T01:30:00+05:30'],
    ['America/St_Johns', '2026-01-08T03:00:00Z', '2026-01-07T23:30:00-03:30'],
    ['UTC', '2026-06-08T15:00:00Z', '2026-06-08T15:00:00+00:00'],
  ])('in %s carries its offset', (timeZone, instant, expected) => {
    expect(localTime(new Date(instant), timeZone)).toBe(expected);
    expect(new Date(expected).toISOString()).toBe(new Date(instant).toISOString());
  });

  it('tells the two hours apart that a clock shows twice (SC-009)', () => {
    const [first, second] = ['2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'].map((text) => new Date(text));
    expect(localTime(first!, 'America/New_York')).toBe('2026-11-01T01:30:00-04:00');
    expect(localTime(second!, 'America/New_York')).toBe('2026-11-01T01:30:00-05:00');
  });
});

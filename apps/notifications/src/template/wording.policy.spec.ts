import { oneLine, refundWords, when } from './wording.policy.js';

const at = (start: string, now: string, timeZone: string, locale = 'en-US') =>
  when(new Date(start), { timeZone, locale, now: new Date(now) });

describe('when an appointment is', () => {
  it('is told in the zone of the reader, with the zone shown (X-28)', () => {
    const [start, now] = ['2026-12-01T15:00:00.000Z', '2026-11-21T12:00:00.000Z'] as const;
    expect(at(start, now, 'America/New_York')).toMatchObject({
      date: 'Tuesday, December 1, 2026',
      time: '10:00 AM EST',
    });
    expect(at(start, now, 'America/Los_Angeles')).toMatchObject({ time: '7:00 AM PST' });
    expect(at(start, now, 'Asia/Kolkata', 'en-GB')).toMatchObject({
      date: expect.stringContaining('1 December 2026') as string,
    });
  });

  it('is "tomorrow" only where it is tomorrow on the reader’s calendar (X-28)', () => {
    // 24 hours before 00:30 in New York it is already the day before; in Los Angeles that start is still the day itself.
    const [start, now] = ['2026-12-02T05:30:00.000Z', '2026-12-01T05:30:00.000Z'] as const;
    expect(at(start, now, 'America/New_York')).toMatchObject({ today: false, tomorrow: true });
    // A retry that leaves twelve hours late: tomorrow in the one zone, today in the other.
    const late = '2026-12-01T17:30:00.000Z';
    expect(at(start, late, 'America/New_York')).toMatchObject({ today: false, tomorrow: true });
    expect(at(start, late, 'America/Los_Angeles')).toMatchObject({ today: true, tomorrow: false });
  });

  it('is right on the day of 25 hours, when 24 hours ahead is not the next day (X-28)', () => {
    // 2026-11-01 has 25 hours in New York: 24 hours after 00:30 it is 23:30 of the same day.
    expect(at('2026-11-02T04:30:00.000Z', '2026-11-01T04:30:00.000Z', 'America/New_York')).toMatchObject({
      today: true,
    });
  });
});

describe('what is said of a refund', () => {
  it.each([
    [false, 10_000, { all: true, none: false, percent: null }],
    [false, 5_000, { all: false, none: false, percent: '50' }],
    [false, 3_333, { all: false, none: false, percent: '33.33' }],
    [false, 9_999, { all: false, none: false, percent: '99.99' }],
    [false, 0, { all: false, none: true, percent: null }],
    [true, 10_000, { all: false, none: false, percent: null }],
    [false, null, { all: false, none: false, percent: null }],
  ])('never promises more than the basis points (nothing due: %s, %s)', (nothingDue, basisPoints, words) => {
    expect(refundWords(nothingDue, basisPoints)).toEqual(words);
  });
});

describe('a name in a subject', () => {
  it('can begin no header of its own', () => {
    expect(oneLine('Dr. Eve\r\nBcc: all@example.com\u2028x')).toBe('Dr. Eve Bcc: all@example.com x');
  });
});

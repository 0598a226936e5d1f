import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import {
  addMonths,
  formatLocalDate,
  formatLocalTime,
  parseLocalDate,
  parseLocalEndTime,
  parseLocalTime,
  wallTime,
  weekdayOf,
} from './wall-clock.js';

const dates = fc.integer({ min: -25_000, max: 80_000 });
const byTemporal = (date: number): Temporal.PlainDate =>
  new Temporal.PlainDate(1970, 1, 1).add({ days: date });

describe('plain dates', () => {
  it('are written and read as Temporal does', () => {
    fc.assert(
      fc.property(dates, (date) => {
        expect(formatLocalDate(date)).toBe(byTemporal(date).toString());
        expect(parseLocalDate(formatLocalDate(date))).toBe(date);
      }),
    );
  });

  it('have the weekday that Temporal gives them, Sunday being 0', () => {
    fc.assert(
      fc.property(dates, (date) => {
        expect(weekdayOf(date)).toBe(byTemporal(date).dayOfWeek % 7);
      }),
    );
  });

  it('move by months as Temporal does, to the last day of a shorter month', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -30, max: 30 }), (date, months) => {
        expect(formatLocalDate(addMonths(date, months))).toBe(byTemporal(date).add({ months }).toString());
      }),
    );
    expect(formatLocalDate(addMonths(parseLocalDate('2026-01-31') ?? 0, 1))).toBe('2026-02-28');
  });

  it.each([
    '2026-02-29',
    '2026-02-30',
    '2026-13-01',
    '2026-00-10',
    '2026-1-1',
    '08.03.2026',
    '',
    '12026-01-01',
    '0000-01-01',
    '0000-12-31',
  ])('do not include "%s"', (text) => {
    expect(parseLocalDate(text)).toBeUndefined();
  });

  it('begin with the year 1, as PostgreSQL has no year 0, and end with the year 9999', () => {
    expect(formatLocalDate(parseLocalDate('0001-01-01') ?? 0)).toBe('0001-01-01');
    expect(formatLocalDate(parseLocalDate('9999-12-31') ?? 0)).toBe('9999-12-31');
    expect(() => formatLocalDate(3_000_000)).toThrow(RangeError);
  });
});

describe('times of day', () => {
  it.each([
    ['00:00', 0],
    ['08:00', 480],
    ['08:00:00', 480],
    ['23:59', 1439],
    ['24:00', undefined],
    ['8:00', undefined],
    ['08:60', undefined],
    ['08:00:30', undefined],
    ['08:00Z', undefined],
  ])('"%s" is minute %s', (text, minutes) => {
    expect(parseLocalTime(text)).toBe(minutes);
  });

  it('may end a day at 24:00', () => {
    expect(parseLocalEndTime('24:00')).toBe(1440);
    expect(parseLocalEndTime('17:00')).toBe(1020);
    expect(parseLocalEndTime('24:30')).toBeUndefined();
  });

  it('are written as they are read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1440 }), (minutes) => {
        expect(parseLocalEndTime(formatLocalTime(minutes))).toBe(minutes);
      }),
    );
    expect(() => formatLocalTime(1441)).toThrow(RangeError);
    expect(() => formatLocalTime(0.5)).toThrow(RangeError);
  });

  it('make a wall time together with a date', () => {
    expect(wallTime(parseLocalDate('2026-03-08') ?? 0, 150)).toBe(Date.UTC(2026, 2, 8, 2, 30));
  });
});

// Plain dates and times of day, as schedules hold them: whole days since 1970-01-01 and whole minutes since midnight.

const minute = 60_000;
const day = 86_400_000;
const minutesPerDay = 1440;

/** Sunday is 0, Saturday is 6. */
export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/**
 * `2026-03-08` as days since 1970-01-01; undefined when it is written otherwise, is no date (2026-02-29), or is of the
 * year 0000, which PostgreSQL's `date` does not know.
 */
export function parseLocalDate(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith('0000-')) return undefined;
  const date = Date.parse(`${text}T00:00:00Z`) / day;
  // Date.parse lets 30 February through as 2 March.
  return Number.isNaN(date) || formatLocalDate(date) !== text ? undefined : date;
}

/** Days since 1970-01-01 as `2026-03-08`. Throws a RangeError outside the years 0000 to 9999. */
export function formatLocalDate(date: number): string {
  const text = new Date(date * day).toISOString();
  if (text.length !== 24) throw new RangeError(`Not within the years 0000 to 9999: day ${String(date)}.`);
  return text.slice(0, 10);
}

/** `08:00` (or `08:00:00`) as minutes since midnight, 0 to 1439; undefined for anything else, also with seconds. */
export function parseLocalTime(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)(?::00(?:\.0{1,6})?)?$/.exec(text);
  return match ? Number(match[1]) * 60 + Number(match[2]) : undefined;
}

/** As `parseLocalTime`, and `24:00` is 1440: the end of a day's last block. */
export const parseLocalEndTime = (text: string): number | undefined =>
  /^24:00(?::00)?$/.test(text) ? minutesPerDay : parseLocalTime(text);

/** Minutes since midnight, 0 to 1440, as `08:00`. Throws a RangeError outside of that. */
export function formatLocalTime(minutes: number): string {
  if (!Number.isInteger(minutes) || minutes < 0 || minutes > minutesPerDay) {
    throw new RangeError(`Not a time of day: ${String(minutes)} minutes.`);
  }
  return `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

/** The weekday of a plain date, Sunday 0. */
export const weekdayOf = (date: number): Weekday => ((((date + 4) % 7) + 7) % 7) as Weekday;

/** The same day of the month so many months later (or earlier); the month's last day when it is shorter. */
export function addMonths(date: number, months: number): number {
  const start = new Date(date * day);
  const dayOfMonth = start.getUTCDate();
  start.setUTCDate(1);
  start.setUTCMonth(start.getUTCMonth() + months);
  const first = start.getTime() / day;
  start.setUTCMonth(start.getUTCMonth() + 1);
  const lengthOfMonth = start.getTime() / day - first;
  return first + Math.min(dayOfMonth, lengthOfMonth) - 1;
}

/** The wall time (see `TimeZone`) at so many minutes since midnight of a plain date. */
export const wallTime = (date: number, minutes: number): number => date * day + minutes * minute;

const twoDigits = (value: number): string => String(value).padStart(2, '0');

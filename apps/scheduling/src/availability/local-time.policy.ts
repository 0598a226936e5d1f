// An instant as the clock on the wall of a zone shows it, with its offset: unambiguous also when clocks go back (SC-009).
import { TimeZone } from '@caregraph/time';

const minute = 60_000;

/** `2026-11-01T01:30:00-05:00`. */
export function localTime(instant: Date, timeZone: string): string {
  const offset = TimeZone.of(timeZone).offsetAt(instant.getTime());
  const wall = new Date(instant.getTime() + offset).toISOString().slice(0, 19);
  const minutes = Math.abs(Math.round(offset / minute));
  const part = (value: number): string => String(value).padStart(2, '0');
  return `${wall}${offset < 0 ? '-' : '+'}${part(Math.floor(minutes / 60))}:${part(minutes % 60)}`;
}

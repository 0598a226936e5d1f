export {
  clip,
  contains,
  grow,
  intersect,
  normalise,
  overlaps,
  subtract,
  totalLength,
  union,
} from './intervals.js';
export type { Intervals } from './intervals.js';
export { TimeZone, isTimeZone, parseTimeZone } from './time-zone.js';
export {
  addMonths,
  formatLocalDate,
  formatLocalTime,
  parseLocalDate,
  parseLocalEndTime,
  parseLocalTime,
  wallTime,
  weekdayOf,
} from './wall-clock.js';
export type { Weekday } from './wall-clock.js';
export { formatInstant } from './format.js';
export type { InstantStyle } from './format.js';

// Small questions to ask of availability, for its specs.
import { normalise } from '@caregraph/time';
import type { MinuteRange, WeeklyBlock } from '../schedule/working-day.policy.js';
import { freeSlots, type FreeSlotsQuery } from './free-slots.policy.js';

const clock = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
/** '09:00-12:00' */
export const range = (text: string): MinuteRange => ({
  start: clock(text.slice(0, 5)),
  end: clock(text.slice(6)),
});

/** The same hours on every weekday: '09:00-12:00'. */
export const daily = (hours: string, changes: Partial<WeeklyBlock> = {}): WeeklyBlock[] =>
  ([0, 1, 2, 3, 4, 5, 6] as const).map((weekday) => ({
    weekday,
    ...range(hours),
    locationId: 'office',
    breaks: [],
    effectiveFrom: null,
    effectiveTo: null,
    ...changes,
  }));

/** Busy time from pairs of instants in text. */
export const busy = (...times: [start: string, end: string][]): readonly number[] =>
  normalise(times.flatMap((pair) => pair.map((text) => Date.parse(text))));

/** A UTC day of 60-minute appointments every half hour, no buffers, asked days ahead; each test changes what it is about. */
export function ask(
  changes: Partial<FreeSlotsQuery> & { hours?: string; timeZone?: string; date?: string } = {},
): FreeSlotsQuery {
  const { hours = '09:00-12:00', timeZone = 'UTC', date = '2026-06-01', ...query } = changes;
  const day = Date.parse(`${date}T00:00Z`);
  return {
    schedule: { timeZone, weekly: daily(hours) },
    busy: [],
    appointmentType: { durationMinutes: 60, bufferBeforeMinutes: 0, bufferAfterMinutes: 0 },
    settings: { slotDurationMinutes: 30, minimumNoticeHours: 1, maximumAdvanceDays: 60, bufferMinutes: 0 },
    from: new Date(day),
    to: new Date(day + 86_400_000),
    now: new Date(day - 3 * 86_400_000),
    ...query,
  };
}

/** The starts as UTC times of day: '09:30'. */
export const startsIn = (query: FreeSlotsQuery): string[] =>
  freeSlots(query).map(({ start }) => start.toISOString().slice(11, 16));

// A provider's hours on the wall clock become stretches of real time. After this nothing knows of clock changes but the
// grid of starts.
import { TimeZone, normalise, subtract, wallTime, type Intervals } from '@caregraph/time';
import {
  workingBlocksOn,
  type MinuteRange,
  type Schedule,
  type WorkingBlock,
} from '../schedule/working-day.policy.js';

/** A block of working hours on one date. Instants are epoch milliseconds. */
export interface Opening {
  readonly locationId: string;
  readonly start: number;
  readonly end: number;
  /** The wall time (see `TimeZone`) from which the block counts its grid of starts. */
  readonly gridFrom: number;
  /** `[start, end, ...]` instants, in any order. */
  readonly breaks: readonly number[];
}

/**
 * The openings of the dates on which the instants `from` and `until` fall, and of all between, in order of dates. A
 * block across a spring-forward is an hour shorter in real time and one across a fall-back an hour longer.
 */
export function openingsBetween(schedule: Schedule, from: number, until: number): Opening[] {
  const zone = TimeZone.of(schedule.timeZone);
  const openings: Opening[] = [];
  const lastDate = zone.dayAt(until);
  for (let date = zone.dayAt(from); date <= lastDate; date++) {
    // Samoa had no 30 December 2011: hours of a date that does not exist must not move to the next one.
    if (zone.dayAt(zone.startOfDay(date)) !== date) continue;
    for (const block of workingBlocksOn(schedule, date)) openings.push(openingOn(zone, date, block));
  }
  return openings;
}

/** When the provider works at each location, breaks taken out. Blocks that touch are one stretch, also over midnight. */
export function workingTimeByLocation(openings: readonly Opening[]): Map<string, Intervals> {
  const workingTimes = new Map<string, Intervals>();
  for (const locationId of new Set(openings.map((opening) => opening.locationId))) {
    const here = openings.filter((opening) => opening.locationId === locationId);
    const open = normalise(here.flatMap(({ start, end }) => [start, end]));
    const breaks = normalise(here.flatMap((opening) => opening.breaks));
    workingTimes.set(locationId, subtract(open, breaks));
  }
  return workingTimes;
}

function openingOn(zone: TimeZone, date: number, block: WorkingBlock): Opening {
  const [start, end] = inRealTime(zone, date, block);
  return {
    locationId: block.locationId,
    start,
    end,
    gridFrom: wallTime(date, block.start),
    breaks: block.breaks.flatMap((pause) => inRealTime(zone, date, pause)),
  };
}

const inRealTime = (zone: TimeZone, date: number, { start, end }: MinuteRange): [number, number] => [
  zone.toInstant(wallTime(date, start)),
  zone.toInstant(wallTime(date, end)),
];

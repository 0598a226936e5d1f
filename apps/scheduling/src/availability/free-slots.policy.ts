// The one answer to "when can this be booked?": for patients, staff and reschedules alike (SC-037).
import type { BookingSettings } from '@caregraph/contracts';
import { TimeZone, clip, grow, subtract, union, type Intervals } from '@caregraph/time';
import type { Schedule } from '../schedule/working-day.policy.js';
import { bookingWindow } from './booking-window.policy.js';
import { buffersOf } from './buffers.policy.js';
import { openingsBetween, workingTimeByLocation, type Opening } from './opening.policy.js';

const minute = 60_000;

export interface FreeSlotsQuery {
  readonly schedule: Schedule;
  /**
   * What is occupied, in epoch milliseconds: one set for the provider (claims with their buffers, outside busy time,
   * time off) and one for each resource that the type needs.
   */
  readonly busy: readonly Intervals[];
  readonly appointmentType: {
    readonly durationMinutes: number;
    readonly bufferBeforeMinutes: number | null;
    readonly bufferAfterMinutes: number | null;
  };
  /** The provider's, resolved. `slotDurationMinutes` is the step of the grid of starts. */
  readonly settings: Pick<
    BookingSettings,
    'slotDurationMinutes' | 'minimumNoticeHours' | 'maximumAdvanceDays' | 'bufferMinutes'
  >;
  /** Starts are at or after `from` and before `to`. */
  readonly from: Date;
  readonly to: Date;
  readonly now: Date;
}

export interface Slot {
  readonly start: Date;
  readonly locationId: string;
}

/**
 * All starts at which the appointment may be booked, ascending, each once.
 *
 * - Starts lie on a grid of `slotDurationMinutes`, laid from each block's start on the provider's wall clock; breaks do
 *   not shift it. A wall time that the clock skips has no slot, one that it shows twice has two.
 * - The appointment, in elapsed time, lies wholly within working time at one location and outside of breaks.
 * - Its buffers are kept clear of what is busy, but may reach over a break or the edge of the working day: nobody needs
 *   a gap towards the time when nothing is booked, and the first and last slot of the day stay usable.
 */
export function freeSlots(query: FreeSlotsQuery): Slot[] {
  const { schedule, appointmentType, settings, now } = query;
  const { earliestStart, latestStart } = bookingWindow(settings, now);
  const first = Math.max(query.from.getTime(), earliestStart.getTime());
  const beyond = Math.min(query.to.getTime(), latestStart.getTime() + 1);
  if (beyond <= first) return [];

  const duration = appointmentType.durationMinutes * minute;
  // Beyond the last start, because an appointment before midnight may end in the next day's first block.
  const openings = openingsBetween(schedule, first, beyond + duration);
  const blocked = blockedStarts(query, first, beyond, duration);
  const zone = TimeZone.of(schedule.timeZone);
  const slots: Slot[] = [];
  for (const [locationId, workingTime] of workingTimeByLocation(openings)) {
    // In whole milliseconds the last start that still fits is the end less the duration, itself included.
    const fitting = grow(workingTime, 0, 1 - duration);
    const starts = clip(subtract(fitting, blocked), first, beyond);
    for (const opening of openings) {
      if (opening.locationId !== locationId) continue;
      for (const start of onGrid(zone, opening, starts, settings.slotDurationMinutes * minute)) {
        slots.push({ start: new Date(start), locationId });
      }
    }
  }
  return ascendingOnce(slots);
}

/** The starts from which the appointment with its buffers would overlap something busy. */
function blockedStarts(query: FreeSlotsQuery, first: number, beyond: number, duration: number): Intervals {
  const buffers = buffersOf(query.appointmentType, query.settings);
  const before = buffers.beforeMinutes * minute;
  const reach = duration + buffers.afterMinutes * minute;
  const busy = query.busy
    .map((intervals) => clip(intervals, first - before, beyond + reach))
    .reduce(union, []);
  // Half-open on both sides: ending when the busy time begins is allowed, hence one millisecond less.
  return grow(busy, reach - 1, before);
}

/** The instants among `starts` that lie on the opening's grid, found by arithmetic from one change of the clock to the next. */
function onGrid(zone: TimeZone, opening: Opening, starts: Intervals, step: number): number[] {
  const found: number[] = [];
  for (let at = opening.start; at < opening.end;) {
    const until = Math.min(opening.end, zone.steadyUntil(at));
    const toGrid = zone.offsetAt(at) - opening.gridFrom;
    const possible = clip(starts, at, until);
    for (let index = 0; index < possible.length; index += 2) {
      const [start = 0, end = 0] = [possible[index], possible[index + 1]];
      const past = modulo(start + toGrid, step);
      for (let slot = past === 0 ? start : start + step - past; slot < end; slot += step) found.push(slot);
    }
    at = until;
  }
  return found;
}

function ascendingOnce(slots: Slot[]): Slot[] {
  slots.sort((a, b) => a.start.getTime() - b.start.getTime());
  return slots.filter((slot, index) => slot.start.getTime() !== slots[index - 1]?.start.getTime());
}

/** Not negative, unlike the operator. */
const modulo = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor;

import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { contains, normalise, overlaps, union, type Intervals } from '@caregraph/time';
import { workingBlocksOn, type MinuteRange, type WeeklyBlock } from '../schedule/working-day.policy.js';
import { buffersOf } from './buffers.policy.js';
import { freeSlots, type FreeSlotsQuery } from './free-slots.policy.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Each with a change of the clock (or none) in the two days that start at noon of the one named. */
const places = [
  ['America/New_York', '2026-03-07T12:00Z'],
  ['America/New_York', '2026-10-31T12:00Z'],
  ['Europe/London', '2026-03-28T12:00Z'],
  ['Europe/London', '2026-10-24T12:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T00:00Z'],
  ['America/St_Johns', '2026-03-07T12:00Z'],
  ['Asia/Kolkata', '2026-03-07T12:00Z'],
] as const;

const quarters = (least: number, most: number): fc.Arbitrary<number> =>
  fc.integer({ min: least / 15, max: most / 15 }).map((quarter) => quarter * 15);

const rangeWithin = (start: number, end: number): fc.Arbitrary<MinuteRange> =>
  fc
    .tuple(quarters(start, end), quarters(start, end))
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));

const block: fc.Arbitrary<WeeklyBlock> = rangeWithin(0, 1440).chain((hours) =>
  fc.record({
    weekday: fc.constantFrom(0, 1, 6),
    start: fc.constant(hours.start),
    end: fc.constant(hours.end),
    locationId: fc.constantFrom('office', 'branch'),
    breaks: fc.array(rangeWithin(hours.start, hours.end), { maxLength: 2 }),
    effectiveFrom: fc.constant(null),
    effectiveTo: fc.constant(null),
  }),
);

const busyAfter = (from: number): fc.Arbitrary<Intervals> =>
  fc
    .array(fc.tuple(fc.integer({ min: -120, max: 3000 }), fc.integer({ min: 1, max: 240 })), { maxLength: 8 })
    .map((list) =>
      normalise(list.flatMap(([at, length]) => [from + at * minute, from + (at + length) * minute])),
    );

const queries: fc.Arbitrary<FreeSlotsQuery> = fc.constantFrom(...places).chain(([timeZone, text]) => {
  const from = Date.parse(text);
  return fc.record({
    schedule: fc.record({ timeZone: fc.constant(timeZone), weekly: fc.array(block, { maxLength: 5 }) }),
    busy: fc.array(busyAfter(from), { maxLength: 3 }),
    appointmentType: fc.record({
      durationMinutes: quarters(15, 180),
      bufferBeforeMinutes: fc.option(quarters(0, 30)),
      bufferAfterMinutes: fc.option(quarters(0, 30)),
    }),
    settings: fc.record({
      slotDurationMinutes: fc.constantFrom(10, 15, 20, 30, 45, 60),
      minimumNoticeHours: fc.integer({ min: 1, max: 48 }),
      maximumAdvanceDays: fc.integer({ min: 1, max: 3 }),
      bufferMinutes: quarters(0, 30),
    }),
    from: fc.constant(new Date(from)),
    to: fc.constant(new Date(from + 2 * day)),
    now: fc.integer({ min: 0, max: 2000 }).map((minutes) => new Date(from - minutes * minute)),
  });
});

const instantOf = (date: Temporal.PlainDate, minutes: number, zone: string): number =>
  date.toPlainDateTime().add({ minutes }).toZonedDateTime(zone, { disambiguation: 'compatible' })
    .epochMilliseconds;

interface Stretch {
  readonly locationId: string;
  readonly start: number;
  readonly end: number;
  readonly firstWall: number;
  readonly breaks: readonly (readonly [number, number])[];
}

/** The working hours in real time, by Temporal alone. */
function stretches({ schedule, from }: FreeSlotsQuery): Stretch[] {
  const zone = schedule.timeZone;
  const first = Temporal.Instant.fromEpochMilliseconds(from.getTime()).toZonedDateTimeISO(zone).toPlainDate();
  return [-1, 0, 1, 2, 3].flatMap((offset) => {
    const date = first.add({ days: offset });
    const number = date.since(new Temporal.PlainDate(1970, 1, 1)).days;
    return workingBlocksOn(schedule, number).map((hours) => ({
      locationId: hours.locationId,
      start: instantOf(date, hours.start, zone),
      end: instantOf(date, hours.end, zone),
      firstWall: number * day + hours.start * minute,
      breaks: hours.breaks.map(
        ({ start, end }) => [instantOf(date, start, zone), instantOf(date, end, zone)] as const,
      ),
    }));
  });
}

/** Asks of every minute whether it may be booked, in the plainest way: too slow to serve, easy to believe. */
function minuteByMinute(query: FreeSlotsQuery): number[] {
  const { schedule, appointmentType, settings, from, to, now } = query;
  const hours = stretches(query);
  const isWorked = (time: number, locationId: string): boolean => {
    const here = hours.filter((each) => each.locationId === locationId);
    return (
      here.some(({ start, end }) => start <= time && time < end) &&
      !here.some(({ breaks }) => breaks.some(([start, end]) => start <= time && time < end))
    );
  };
  const every = (start: number, end: number, holds: (time: number) => boolean): boolean => {
    for (let time = start; time < end; time += minute) if (!holds(time)) return false;
    return true;
  };
  const { beforeMinutes, afterMinutes } = buffersOf(appointmentType, settings);
  const isFree = (time: number): boolean => !query.busy.some((set) => contains(set, time, time + minute));

  const found: number[] = [];
  for (let start = from.getTime(); start < to.getTime(); start += minute) {
    if (start < now.getTime() + settings.minimumNoticeHours * hour) continue;
    if (start > now.getTime() + settings.maximumAdvanceDays * day) continue;
    const end = start + appointmentType.durationMinutes * minute;
    const wall = (): number =>
      start +
      Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(schedule.timeZone).offsetNanoseconds /
        1e6;
    const fits = hours.some(
      (stretch) =>
        stretch.start <= start &&
        start < stretch.end &&
        (wall() - stretch.firstWall) % (settings.slotDurationMinutes * minute) === 0 &&
        every(start, end, (time) => isWorked(time, stretch.locationId)),
    );
    if (fits && every(start - beforeMinutes * minute, end + afterMinutes * minute, isFree)) found.push(start);
  }
  return found;
}

const startsOf = (query: FreeSlotsQuery): number[] => freeSlots(query).map(({ start }) => start.getTime());

describe('free slots, whatever the schedule', () => {
  it('are exactly the minutes that may be booked, asked one by one (SC-036, SC-009)', () => {
    fc.assert(
      fc.property(queries, (query) => {
        expect(startsOf(query)).toEqual(minuteByMinute(query));
      }),
      { numRuns: 150 },
    );
  });

  it('are ascending, each once, within what was asked for', () => {
    fc.assert(
      fc.property(queries, (query) => {
        const starts = startsOf(query);
        expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
        for (const start of starts) {
          expect(start).toBeGreaterThanOrEqual(query.from.getTime());
          expect(start).toBeLessThan(query.to.getTime());
        }
      }),
    );
  });

  it('never overlap busy time, buffers included (SC-030)', () => {
    fc.assert(
      fc.property(queries, (query) => {
        const { beforeMinutes, afterMinutes } = buffersOf(query.appointmentType, query.settings);
        const after = (query.appointmentType.durationMinutes + afterMinutes) * minute;
        for (const start of startsOf(query)) {
          for (const set of query.busy)
            expect(overlaps(set, start - beforeMinutes * minute, start + after)).toBe(false);
        }
      }),
    );
  });

  it('lie inside the hours of their location from start to end', () => {
    fc.assert(
      fc.property(queries, (query) => {
        const hours = stretches(query);
        for (const { start, locationId } of freeSlots(query)) {
          const open = normalise(
            hours.filter((each) => each.locationId === locationId).flatMap((each) => [each.start, each.end]),
          );
          const end = start.getTime() + query.appointmentType.durationMinutes * minute;
          expect(contains(open, start.getTime(), end)).toBe(true);
        }
      }),
    );
  });

  it('become no more when something else is busy', () => {
    fc.assert(
      fc.property(
        queries.chain((query) => fc.tuple(fc.constant(query), busyAfter(query.from.getTime()))),
        ([query, more]) => {
          const before = new Set(startsOf(query));
          const [own = [], ...others] = query.busy;
          const after = startsOf({ ...query, busy: [union(own, more), ...others] });
          expect(after.every((start) => before.has(start))).toBe(true);
        },
      ),
    );
  });

  it('are the same when the time asked for is cut in two', () => {
    fc.assert(
      fc.property(queries, fc.integer({ min: 0, max: 2880 }), (query, minutes) => {
        const middle = new Date(query.from.getTime() + minutes * minute);
        expect([...startsOf({ ...query, to: middle }), ...startsOf({ ...query, from: middle })]).toEqual(
          startsOf(query),
        );
      }),
    );
  });
});

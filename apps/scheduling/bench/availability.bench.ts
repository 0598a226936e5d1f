// Prints what availability costs: one provider for 30 days (target: under 1 ms) and 50 providers (under 20 ms).
import { TimeZone, normalise, wallTime, type Intervals } from '@caregraph/time';
import { freeSlots, type FreeSlotsQuery } from '../src/availability/free-slots.policy.js';
import type { WeeklyBlock } from '../src/schedule/working-day.policy.js';

const zones = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Los_Angeles',
  'Europe/London',
];
// The 30 days hold a change of the clock.
const now = new Date('2026-02-20T12:00:00Z');
const from = new Date('2026-02-22T00:00:00Z');
const to = new Date('2026-03-24T00:00:00Z');
const minute = 60_000;

/** Monday to Friday 08:00-17:00 with lunch, Saturday morning elsewhere. */
const weekly: WeeklyBlock[] = ([1, 2, 3, 4, 5, 6] as const).map((weekday) => ({
  weekday,
  start: 480,
  end: weekday === 6 ? 720 : 1020,
  locationId: weekday === 6 ? 'branch' : 'office',
  breaks: weekday === 6 ? [] : [{ start: 720, end: 780 }],
  effectiveFrom: null,
  effectiveTo: null,
}));

/** Six claims a day, spread by a fixed rule that differs from provider to provider. */
function busyDays(zone: TimeZone, seed: number): Intervals {
  const pairs: number[] = [];
  const firstDay = zone.dayAt(from.getTime());
  for (let day = firstDay; day < firstDay + 31; day++) {
    for (let claim = 0; claim < 6; claim++) {
      const start = zone.toInstant(
        wallTime(day, 480 + claim * 85 + ((seed * 7 + day * 13 + claim * 5) % 40)),
      );
      pairs.push(start, start + 45 * minute);
    }
  }
  return normalise(pairs);
}

function query(index: number): FreeSlotsQuery {
  const timeZone = zones[index % zones.length] ?? 'UTC';
  const zone = TimeZone.of(timeZone);
  return {
    schedule: { timeZone, weekly },
    busy: [busyDays(zone, index), busyDays(zone, index + 1000)],
    appointmentType: { durationMinutes: 30, bufferBeforeMinutes: 0, bufferAfterMinutes: 15 },
    settings: { slotDurationMinutes: 15, minimumNoticeHours: 24, maximumAdvanceDays: 60, bufferMinutes: 15 },
    from,
    to,
    now,
  };
}

function measure(label: string, targetMs: number, queries: readonly FreeSlotsQuery[]): void {
  const times: number[] = [];
  let slots = 0;
  for (let round = 0; round < 300; round++) {
    const began = performance.now();
    slots = queries.reduce((sum, each) => sum + freeSlots(each).length, 0);
    times.push(performance.now() - began);
  }
  const [first = 0] = times;
  times.sort((a, b) => a - b);
  const at = (part: number): string => (times[Math.floor(times.length * part)] ?? 0).toFixed(3);
  console.log(
    `${label}: median ${at(0.5)} ms, p99 ${at(0.99)} ms, first ${first.toFixed(1)} ms, ${String(slots)} slots (target ${String(targetMs)} ms)`,
  );
}

const queries = Array.from({ length: 50 }, (_, index) => query(index));
measure('1 provider x 30 days', 1, queries.slice(0, 1));
measure('50 providers x 30 days', 20, queries);

import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { TimeZone, isTimeZone, parseTimeZone } from './time-zone.js';

const zones = [
  'UTC',
  'America/New_York',
  'America/Denver',
  'America/Phoenix',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Havana',
  'Europe/London',
  'Europe/Dublin',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Gaza',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Antarctica/Troll',
];
const minute = 60_000;
const day = 24 * 60 * minute;

const instants = fc
  .integer({ min: Date.UTC(1970, 0, 1) / minute, max: Date.UTC(2060, 0, 1) / minute })
  .map((minutes) => minutes * minute);

const offsetByTemporal = (zone: string, instant: number): number =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).offsetNanoseconds / 1_000_000;

const instantByTemporal = (zone: string, wall: number): number =>
  Temporal.Instant.fromEpochMilliseconds(wall)
    .toZonedDateTimeISO('UTC')
    .toPlainDateTime()
    .toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;

/** The changes of the clock from 2005 to 2030: what is most likely to be wrong is near them. */
function transitions(zone: string): number[] {
  const found: number[] = [];
  const last = Date.UTC(2030, 0, 1);
  let at = Temporal.Instant.fromEpochMilliseconds(Date.UTC(2005, 0, 1)).toZonedDateTimeISO(zone);
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (!next || next.epochMilliseconds >= last) return found;
    found.push(next.epochMilliseconds);
    at = next;
  }
}

const wall = (text: string): number => Date.parse(`${text}Z`);
const at = (text: string): number => Date.parse(text);

describe.each(zones)('the time zone %s', (name) => {
  const zone = TimeZone.of(name);

  it('has the offset that Temporal has, at any instant from 1970 to 2060', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        expect(zone.offsetAt(instant)).toBe(offsetByTemporal(name, instant));
      }),
      { numRuns: 150 },
    );
  });

  it('turns any wall time into the instant that Temporal calls compatible', () => {
    fc.assert(
      fc.property(instants, (time) => {
        expect(zone.toInstant(time)).toBe(instantByTemporal(name, time));
      }),
      { numRuns: 150 },
    );
  });

  it('agrees with Temporal to the minute around changes of the clock', () => {
    const changes = transitions(name);
    const near = fc.tuple(fc.nat(Math.max(changes.length - 1, 0)), fc.integer({ min: -1600, max: 1600 }));
    fc.assert(
      fc.property(near, ([index, minutes]) => {
        const instant = (changes[index] ?? 0) + minutes * minute;
        expect(zone.offsetAt(instant)).toBe(offsetByTemporal(name, instant));
        const local = instant + zone.offsetAt(changes[index] ?? 0);
        expect(zone.toInstant(local)).toBe(instantByTemporal(name, local));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps its offset until the instant it promises', () => {
    fc.assert(
      fc.property(instants, fc.nat(), (instant, milliseconds) => {
        const until = zone.steadyUntil(instant);
        expect(until).toBeGreaterThan(instant);
        const between = until - 1 - (milliseconds % (until - instant));
        expect(zone.offsetAt(between)).toBe(zone.offsetAt(instant));
      }),
      { numRuns: 150 },
    );
  });

  it('begins each day where Temporal does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2005, 0, 1) / day, max: Date.UTC(2040, 0, 1) / day }),
        (date) => {
          const [text] = new Date(date * day).toISOString().split('T');
          const start = Temporal.PlainDate.from(text ?? '').toZonedDateTime(name);
          expect(zone.startOfDay(date)).toBe(start.epochMilliseconds);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('time zones', () => {
  it.each([
    [
      'America/New_York',
      '2026-03-08T02:30',
      '2026-03-08T03:30-04:00',
      'a skipped half past two moves forward an hour',
    ],
    [
      'America/New_York',
      '2026-11-01T01:30',
      '2026-11-01T01:30-04:00',
      'of two half past ones the earlier counts',
    ],
    [
      'Australia/Lord_Howe',
      '2026-10-04T02:10',
      '2026-10-04T02:40+11:00',
      'where the clock moves by half an hour',
    ],
    [
      'Australia/Lord_Howe',
      '2026-04-05T01:45',
      '2026-04-05T01:45+11:00',
      'the earlier, half an hour before the later',
    ],
    ['Pacific/Apia', '2011-12-30T09:00', '2011-12-31T09:00+14:00', 'a skipped day moves forward a day'],
    ['Asia/Kolkata', '2026-03-08T02:30', '2026-03-08T02:30+05:30', 'a zone without summer time'],
    ['America/Sao_Paulo', '2018-11-04T00:00', '2018-11-04T01:00-02:00', 'a skipped midnight'],
  ])('in %s, %s is %s: %s (SC-009)', (name, local, instant) => {
    expect(new Date(TimeZone.of(name).toInstant(wall(local)))).toEqual(new Date(at(instant)));
  });

  it('are the same object for the same zone, whatever the letters', () => {
    expect(TimeZone.of('america/denver')).toBe(TimeZone.of('America/Denver'));
  });

  it('know the plain date at an instant', () => {
    const instant = at('2026-03-09T02:00Z');
    expect(TimeZone.of('America/New_York').dayAt(instant)).toBe(wall('2026-03-08T00:00') / day);
    expect(TimeZone.of('Asia/Kolkata').dayAt(instant)).toBe(wall('2026-03-09T00:00') / day);
  });

  it.each(['America/Denver', 'Europe/Kyiv', 'US/Eastern', 'UTC', 'Etc/GMT+5'])(
    '%s is a time zone',
    (name) => {
      expect(isTimeZone(name)).toBe(true);
    },
  );

  it.each([
    '',
    'Z',
    '+05:00',
    'PST',
    'AET',
    'Mars/Olympus',
    'SystemV/PST8',
    'America/Denver ',
    'x'.repeat(500),
  ])('"%s" is not a time zone, and asking for it throws', (name) => {
    expect(parseTimeZone(name)).toBeUndefined();
    expect(() => TimeZone.of(name)).toThrow(RangeError);
  });

  it('are given back in their usual letters', () => {
    expect(parseTimeZone('america/new_york')).toBe('America/New_York');
  });
});

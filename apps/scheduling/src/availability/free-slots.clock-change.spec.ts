import { ask, daily, startsIn } from './free-slots.example.js';
import { freeSlots } from './free-slots.policy.js';

describe('free slots on days when the clock changes (SC-009)', () => {
  const half = { durationMinutes: 30, bufferBeforeMinutes: 0, bufferAfterMinutes: 0 };
  const on = (timeZone: string, hours: string, from: string, to: string, appointmentType = half): string[] =>
    startsIn(
      ask({
        timeZone,
        hours,
        from: new Date(from),
        to: new Date(to),
        now: new Date(Date.parse(from) - 172_800_000),
        appointmentType,
      }),
    );

  // Times in UTC; the wall clock of each line is written beside it.
  it.each([
    // New York, 8 March: 01:00 and 01:30 EST, then 03:00 and 03:30 EDT; the hour between does not exist.
    [
      'America/New_York',
      'spring',
      '01:00-04:00',
      '2026-03-08T00:00Z',
      '2026-03-09T00:00Z',
      ['06:00', '06:30', '07:00', '07:30'],
    ],
    // New York, 1 November: 01:00 and 01:30 EDT, again in EST, then 02:00 and 02:30 EST.
    [
      'America/New_York',
      'autumn',
      '01:00-03:00',
      '2026-11-01T00:00Z',
      '2026-11-02T00:00Z',
      ['05:00', '05:30', '06:00', '06:30', '07:00', '07:30'],
    ],
    // London, 29 March: 00:30 GMT, then 02:00 and 02:30 BST.
    [
      'Europe/London',
      'spring',
      '00:30-03:00',
      '2026-03-29T00:00Z',
      '2026-03-29T12:00Z',
      ['00:30', '01:00', '01:30'],
    ],
    // London, 25 October: 00:30, 01:00, 01:30 BST, then 01:00 and 01:30 GMT.
    [
      'Europe/London',
      'autumn',
      '00:30-02:00',
      '2026-10-24T23:00Z',
      '2026-10-25T12:00Z',
      ['23:30', '00:00', '00:30', '01:00', '01:30'],
    ],
    // Lord Howe, 4 October, half an hour forward: 01:30 (+10:30), then 02:30 and 03:00 (+11).
    [
      'Australia/Lord_Howe',
      'spring',
      '01:30-03:30',
      '2026-10-03T12:00Z',
      '2026-10-04T12:00Z',
      ['15:00', '15:30', '16:00'],
    ],
    // Lord Howe, 5 April, half an hour back: 01:00 and 01:30 (+11), 01:30 again (+10:30), then 02:00.
    [
      'Australia/Lord_Howe',
      'autumn',
      '01:00-02:30',
      '2026-04-04T12:00Z',
      '2026-04-05T12:00Z',
      ['14:00', '14:30', '15:00', '15:30'],
    ],
  ])('in %s in %s, %s', (timeZone, _, hours, from, to, expected) => {
    expect(on(timeZone, hours, from, to)).toEqual(expected);
  });

  it('measure the appointment in elapsed time: two hours over the skipped one end at 04:00 on the wall', () => {
    const twoHours = { ...half, durationMinutes: 120 };
    const day = ['2026-03-08T00:00Z', '2026-03-09T00:00Z'] as const;
    expect(on('America/New_York', '01:00-04:00', ...day, twoHours)).toEqual(['06:00']);
    expect(on('America/New_York', '01:00-03:00', ...day, twoHours)).toEqual([]);
  });

  it('keep the grid on the wall clock when the clock moves by less than a step', () => {
    // An hourly grid from 01:00 on Lord Howe: 01:00 (+10:30), 03:00 and 04:00 (+11); 02:00 does not exist.
    const query = ask({
      timeZone: 'Australia/Lord_Howe',
      hours: '01:00-05:00',
      from: new Date('2026-10-03T12:00Z'),
      to: new Date('2026-10-04T12:00Z'),
      now: new Date('2026-10-01T12:00Z'),
      settings: { ...ask().settings, slotDurationMinutes: 60 },
    });
    expect(startsIn(query)).toEqual(['14:30', '16:00', '17:00']);
  });

  it('are at the same wall time before and after the change', () => {
    const query = ask({
      timeZone: 'America/New_York',
      hours: '09:00-10:00',
      from: new Date('2026-03-07T05:00Z'),
      to: new Date('2026-03-10T04:00Z'),
      now: new Date('2026-03-05T00:00Z'),
    });
    expect(freeSlots(query).map(({ start }) => start.toISOString())).toEqual([
      '2026-03-07T14:00:00.000Z',
      '2026-03-08T13:00:00.000Z',
      '2026-03-09T13:00:00.000Z',
    ]);
  });

  it('are not offered on a date that the zone skipped, nor moved to the next', () => {
    const fridays = daily('09:00-10:00').filter(({ weekday }) => weekday === 5);
    const saturdays = daily('13:00-14:00').filter(({ weekday }) => weekday === 6);
    const query = ask({
      schedule: { timeZone: 'Pacific/Apia', weekly: [...fridays, ...saturdays] },
      from: new Date('2011-12-29T10:00Z'),
      to: new Date('2012-01-01T10:00Z'),
      now: new Date('2011-12-27T00:00Z'),
    });
    // Friday 30 December did not happen in Samoa; Saturday was the first day at UTC+14.
    expect(freeSlots(query).map(({ start }) => start.toISOString())).toEqual(['2011-12-30T23:00:00.000Z']);
  });

  it('know no clock change in India', () => {
    expect(on('Asia/Kolkata', '09:00-10:00', '2026-03-08T00:00Z', '2026-03-08T12:00Z')).toEqual([
      '03:30',
      '04:00',
    ]);
  });
});

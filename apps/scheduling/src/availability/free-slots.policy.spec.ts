import { parseLocalDate } from '@caregraph/time';
import { ask, busy, daily, range, startsIn } from './free-slots.example.js';
import { freeSlots } from './free-slots.policy.js';

describe('free slots', () => {
  it('lie on the grid of the block, and the appointment ends by closing time (SC-036)', () => {
    expect(startsIn(ask({ hours: '09:15-11:30' }))).toEqual(['09:15', '09:45', '10:15']);
    expect(startsIn(ask({ hours: '09:00-11:00' }))).toEqual(['09:00', '09:30', '10:00']);
  });

  it('keep out of breaks, and the break does not shift the grid (SC-002)', () => {
    const weekly = daily('09:00-14:00', { breaks: [range('11:10-11:50')] });
    expect(startsIn(ask({ schedule: { timeZone: 'UTC', weekly } }))).toEqual([
      '09:00',
      '09:30',
      '10:00',
      '12:00',
      '12:30',
      '13:00',
    ]);
  });

  it('are at the location of their block (SC-035)', () => {
    const weekly = [...daily('09:00-10:00'), ...daily('13:00-14:00', { locationId: 'branch' })];
    expect(freeSlots(ask({ schedule: { timeZone: 'UTC', weekly } })).map((slot) => slot.locationId)).toEqual([
      'office',
      'branch',
    ]);
  });

  it('do not reach from one location into the next, but run on where blocks touch at the same', () => {
    const at = (locationId: string): string[] =>
      startsIn(
        ask({
          schedule: {
            timeZone: 'UTC',
            weekly: [...daily('09:00-10:30'), ...daily('10:30-12:00', { locationId })],
          },
        }),
      );
    expect(at('branch')).toEqual(['09:00', '09:30', '10:30', '11:00']);
    expect(at('office')).toEqual(['09:00', '09:30', '10:00', '10:30', '11:00']);
  });

  it('run on over midnight where both days are worked', () => {
    const weekly = [...daily('22:30-24:00'), ...daily('00:00-00:30')];
    const [from, to] = [new Date('2026-06-01T12:00Z'), new Date('2026-06-01T23:40Z')];
    const query = ask({ schedule: { timeZone: 'UTC', weekly }, from, to });
    expect(startsIn(query)).toEqual(['22:30', '23:00', '23:30']);
  });

  it('leave busy time alone, of the provider and of each resource, and may touch it (SC-049)', () => {
    const provider = busy(['2026-06-01T10:00Z', '2026-06-01T10:30Z']);
    const room = busy(['2026-06-01T13:00Z', '2026-06-01T14:00Z']);
    expect(startsIn(ask({ hours: '09:00-15:00', busy: [provider, room] }))).toEqual([
      '09:00',
      '10:30',
      '11:00',
      '11:30',
      '12:00',
      '14:00',
    ]);
  });

  it("keep the type's buffers clear of busy time on both sides (SC-030)", () => {
    const appointmentType = { durationMinutes: 30, bufferBeforeMinutes: 15, bufferAfterMinutes: 30 };
    const query = ask({
      hours: '09:00-14:00',
      appointmentType,
      busy: [busy(['2026-06-01T11:00Z', '2026-06-01T12:00Z'])],
    });
    expect(startsIn(query)).toEqual(['09:00', '09:30', '10:00', '12:30', '13:00', '13:30']);
  });

  it("keep the provider's buffer after the appointment when the type sets none (BK-064)", () => {
    const query = ask({
      hours: '09:00-11:00',
      appointmentType: { durationMinutes: 30, bufferBeforeMinutes: null, bufferAfterMinutes: null },
      settings: { ...ask().settings, bufferMinutes: 15 },
      busy: [busy(['2026-06-01T10:00Z', '2026-06-01T10:30Z'])],
    });
    expect(startsIn(query)).toEqual(['09:00', '10:30']);
  });

  it('may have their buffers outside of working hours and in breaks', () => {
    const appointmentType = { durationMinutes: 60, bufferBeforeMinutes: 30, bufferAfterMinutes: 30 };
    const weekly = daily('09:00-12:00', { breaks: [range('10:00-11:00')] });
    expect(startsIn(ask({ schedule: { timeZone: 'UTC', weekly }, appointmentType }))).toEqual([
      '09:00',
      '11:00',
    ]);
  });

  it('begin exactly at the minimum notice, and not a minute earlier (BK-062)', () => {
    const settings = { ...ask().settings, minimumNoticeHours: 24 };
    const at = (now: string): string | undefined => startsIn(ask({ settings, now: new Date(now) }))[0];
    expect(at('2026-05-31T09:30:00Z')).toBe('09:30');
    expect(at('2026-05-31T09:30:01Z')).toBe('10:00');
  });

  it('end exactly at the maximum advance, and not a minute later (BK-063)', () => {
    const settings = { ...ask().settings, maximumAdvanceDays: 7 };
    const at = (now: string): string | undefined => startsIn(ask({ settings, now: new Date(now) })).at(-1);
    expect(at('2026-05-25T10:00:00Z')).toBe('10:00');
    expect(at('2026-05-25T09:59:59Z')).toBe('09:30');
  });

  it('start at or after the beginning of what was asked for and before its end', () => {
    const query = ask({ from: new Date('2026-06-01T09:30Z'), to: new Date('2026-06-01T10:30Z') });
    expect(startsIn(query)).toEqual(['09:30', '10:00']);
    expect(freeSlots({ ...query, to: query.from })).toEqual([]);
  });

  it('follow a one-off override of the day (SC-006)', () => {
    const date = parseLocalDate('2026-06-01') ?? 0;
    const block = { ...range('18:00-19:00'), locationId: 'office', breaks: [] };
    const schedule = { ...ask().schedule, overrides: [{ date, blocks: [block] }] };
    expect(startsIn(ask({ schedule }))).toEqual(['18:00']);
  });
});

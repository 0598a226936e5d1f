import { appointmentConfirmed } from '@caregraph/contracts';
import { CalendarEvent } from './calendar-event.js';
import { lifecycle, may, phases, type Phase, type Verb } from './lifecycle.js';

const before = new Date('2026-11-21T11:00:00.000Z');
const now = new Date('2026-11-21T12:00:00.000Z');
const { start, end } = appointmentConfirmed.example;
const later = (text: string): Date => new Date(new Date(text).getTime() + 3_600_000);

/** Written by hand, so that a change of the table is a change here too. What is not listed changes nothing. */
const expected: Record<Phase, Partial<Record<Verb, Phase>>> = {
  NOT_APPLICABLE: { require: 'PENDING_CREATE' },
  PENDING_CREATE: {
    remove: 'PENDING_DELETE',
    abandon: 'NOT_APPLICABLE',
    succeed: 'SYNCED',
    failCreate: 'FAILED_CREATE',
  },
  PENDING_UPDATE: {
    remove: 'PENDING_DELETE',
    abandon: 'NOT_APPLICABLE',
    succeed: 'SYNCED',
    failUpdate: 'FAILED_UPDATE',
  },
  PENDING_DELETE: { abandon: 'NOT_APPLICABLE', succeedDelete: 'NOT_APPLICABLE', failDelete: 'FAILED_DELETE' },
  SYNCED: { update: 'PENDING_UPDATE', remove: 'PENDING_DELETE', abandon: 'NOT_APPLICABLE' },
  FAILED_CREATE: { remove: 'PENDING_DELETE', abandon: 'NOT_APPLICABLE', succeed: 'SYNCED' },
  FAILED_UPDATE: { remove: 'PENDING_DELETE', abandon: 'NOT_APPLICABLE', succeed: 'SYNCED' },
  FAILED_DELETE: { abandon: 'NOT_APPLICABLE', succeedDelete: 'NOT_APPLICABLE' },
};
const every = Object.keys(phases) as Phase[];
const phaseOf = ({ state, operation }: Pick<CalendarEvent, 'state' | 'operation'>): Phase | undefined =>
  every.find((phase) => phases[phase].state === state && phases[phase].operation === operation);

const eventIn = (phase: Phase): CalendarEvent =>
  Object.assign(CalendarEvent.of(appointmentConfirmed.example, false, before), phases[phase]);

describe('a calendar event', () => {
  it('moves as the table says, from each state and operation by each verb (Y-12)', () => {
    const verbs = Object.keys(lifecycle) as Verb[];
    for (const phase of every) {
      const moves = verbs
        .filter((verb) => may(verb, phases[phase]))
        .map((verb) => [verb, lifecycle[verb].to]);
      expect([phase, Object.fromEntries(moves)]).toEqual([phase, expected[phase]]);
    }
  });

  it('has an operation exactly where something is still to be done (Y-12)', () => {
    for (const { state, operation } of Object.values(phases))
      expect(operation !== null).toBe(state === 'PENDING' || state === 'FAILED');
  });

  it('reaches every phase from its first', () => {
    const reached = new Set<Phase>(['NOT_APPLICABLE']);
    for (const phase of reached) for (const to of Object.values(expected[phase])) reached.add(to);
    expect([...reached].sort()).toEqual([...every].sort());
  });

  it('is not applicable where no calendar is connected, and to be created where one is', () => {
    expect(phaseOf(CalendarEvent.of(appointmentConfirmed.example, false, now))).toBe('NOT_APPLICABLE');
    expect(phaseOf(CalendarEvent.of(appointmentConfirmed.example, true, now))).toBe('PENDING_CREATE');
  });

  it.each(every)('in %s is removed and abandoned as the table says, and else stays as it was', (phase) => {
    for (const verb of ['remove', 'abandon'] as const) {
      const calendarEvent = eventIn(phase);
      calendarEvent[verb](now);
      const to = expected[phase][verb];
      expect(phaseOf(calendarEvent)).toBe(to ?? phase);
      expect(calendarEvent.version).toBe(to ? 2 : 1);
      expect(calendarEvent.updatedAt).toBe(to ? now : before);
    }
  });

  it.each(every)('in %s takes a new time, and is updated where it stood already', (phase) => {
    const calendarEvent = eventIn(phase);
    calendarEvent.standAt(later(start), later(end), now);
    expect(phaseOf(calendarEvent)).toBe(phase === 'SYNCED' ? 'PENDING_UPDATE' : phase);
    expect(calendarEvent).toMatchObject({ start: later(start), end: later(end), version: 2, updatedAt: now });
  });

  it('that stands at the same time needs nothing', () => {
    const calendarEvent = eventIn('SYNCED');
    calendarEvent.standAt(new Date(start), new Date(end), now);
    expect(calendarEvent).toMatchObject({ state: 'SYNCED', version: 1, updatedAt: before });
  });
});

import { catalogue } from '@caregraph/contracts';
import { loadTemplates } from '../template/templates.js';
import {
  causes,
  confirmedForGood,
  occurrenceOf,
  ruleOf,
  rules,
  stillTrue,
  type Cause,
} from './messages.policy.js';

const start = new Date('2026-12-01T15:00:00.000Z');
const hoursBefore = (hours: number): Date => new Date(start.getTime() - hours * 3_600_000);

/** Who gets which template, by hand. */
const expected: Record<Cause, readonly string[]> = {
  'appointment-requested': [],
  'appointment-payment-requested': [],
  'appointment-verification-requested': [],
  'appointment-awaiting-provider': ['PATIENT booking_request_received', 'PROVIDER new_booking_request'],
  'appointment-expiry-neared': ['PROVIDER booking_expiring_provider'],
  'appointment-confirmed': ['PATIENT booking_confirmed_patient', 'PROVIDER booking_confirmed_provider'],
  'appointment-declined': ['PATIENT booking_declined_patient'],
  'appointment-cancelled': ['PATIENT booking_cancelled_patient', 'PROVIDER booking_cancelled_provider'],
  'appointment-expired': ['PATIENT booking_expired_patient', 'PROVIDER booking_expired_provider'],
  'appointment-payment-abandoned': [],
  'appointment-payment-failed': ['PATIENT booking_payment_failed_patient'],
  'appointment-rescheduled': ['PATIENT booking_rescheduled_patient', 'PROVIDER booking_rescheduled_provider'],
  'appointment-updated': [],
  'payment-capture-failed': ['PATIENT booking_capture_failed_patient', 'STAFF booking_capture_failed_staff'],
  'appointment-reminder-24h': ['PATIENT booking_reminder_patient', 'PROVIDER booking_reminder_provider'],
};

describe('the table of messages', () => {
  it('has a row for every event of an appointment, where "nobody" is a row too', () => {
    const words = [...catalogue.values()]
      .filter(({ topic }) => topic === 'booking.appointment')
      .map(({ type }) => type.replace(/^booking\.(.*)\.v\d+$/, '$1'));
    expect(words.length).toBeGreaterThan(10);
    for (const word of words) expect(Object.keys(rules)).toContain(word);
  });

  it.each(causes)('tells of %s exactly whom it should', (cause) => {
    expect(ruleOf(cause).messages.map(({ recipient, template }) => `${recipient} ${template}`)).toEqual(
      expected[cause],
    );
  });

  it('names only templates that exist, and each template has its row (NT-004)', () => {
    const named = causes.flatMap((cause) => ruleOf(cause).messages.map(({ template }) => template));
    expect([...new Set(named)].sort()).toEqual([...loadTemplates().names].sort());
  });
});

describe('an occurrence', () => {
  it('is the same for the same event, and another for another start or version where that matters', () => {
    const first = { version: 3, start };
    const moved = { version: 4, start: new Date('2026-12-02T15:00:00.000Z') };
    expect(occurrenceOf('appointment-confirmed', first)).toBe(occurrenceOf('appointment-confirmed', moved));
    expect(occurrenceOf('appointment-rescheduled', first)).not.toBe(
      occurrenceOf('appointment-rescheduled', moved),
    );
    expect(occurrenceOf('appointment-reminder-24h', first)).not.toBe(
      occurrenceOf('appointment-reminder-24h', moved),
    );
    expect(occurrenceOf('appointment-reminder-24h', first)).toBe(
      occurrenceOf('appointment-reminder-24h', { ...first, version: 9 }),
    );
  });
});

describe('a message that is about to leave', () => {
  const reminder = { cause: 'appointment-reminder-24h', occurrence: start.toISOString() } as const;
  const confirmed = { status: 'CONFIRMED', start, version: 3 } as const;

  it('is a reminder only while the appointment is confirmed, at that start, and ahead (NT-042, NT-043)', () => {
    expect(stillTrue(reminder, confirmed, hoursBefore(24))).toBe(true);
    expect(
      stillTrue({ ...reminder, occurrence: `${reminder.occurrence}#2` }, confirmed, hoursBefore(24)),
    ).toBe(true);
    expect(stillTrue(reminder, { ...confirmed, status: 'CANCELLED_PATIENT' }, hoursBefore(24))).toBe(false);
    expect(stillTrue(reminder, { ...confirmed, start: hoursBefore(-24) }, hoursBefore(24))).toBe(false);
    expect(stillTrue(reminder, confirmed, start)).toBe(false);
  });

  it('is no confirmation of what was cancelled meanwhile', () => {
    const confirmation = { cause: 'appointment-confirmed', occurrence: 'once' } as const;
    expect(stillTrue(confirmation, confirmed, hoursBefore(1))).toBe(true);
    expect(stillTrue(confirmation, { ...confirmed, status: 'CANCELLED_ADMIN' }, hoursBefore(1))).toBe(false);
    expect(
      stillTrue(
        { cause: 'appointment-cancelled', occurrence: 'once' },
        { ...confirmed, status: 'CANCELLED_ADMIN' },
        start,
      ),
    ).toBe(true);
  });
});

describe('a confirmation', () => {
  const instant = { status: 'CONFIRMED', mode: 'INSTANT', nothingDue: false } as const;

  it.each([
    ['an instant booking before the capture', instant, false, false],
    ['an instant booking after the capture', instant, true, true],
    ['an instant booking with nothing due', { ...instant, nothingDue: true }, false, true],
    ['a request that the provider confirmed', { ...instant, mode: 'REQUEST' as const }, false, true],
    [
      'a booking cancelled before the capture',
      { ...instant, status: 'CANCELLED_PATIENT' as const },
      true,
      false,
    ],
  ])('of %s is told or not, as the money says', (_case, appointment, captured, told) => {
    expect(confirmedForGood(appointment, captured)).toBe(told);
  });
});

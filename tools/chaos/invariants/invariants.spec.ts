// Each invariant goes red on a row or a line that breaks it, and on nothing else.
import type { Evidence } from '../evidence.js';
import type { Line } from '../history.js';
import { invariants } from './all.js';
import { at, id, quietHistory, sound, tryOf, watchedOf } from './case.js';

/** The invariants that see a violation. */
const red = (evidence: Partial<Evidence> = {}, history: readonly Line[] = quietHistory): string[] =>
  invariants
    .filter(({ violations }) => violations({ ...sound, ...evidence }, history).length > 0)
    .map((invariant) => invariant.id);

const said = (
  invariant: string,
  evidence: Partial<Evidence>,
  history: readonly Line[] = quietHistory,
): string =>
  invariants
    .filter((one) => one.id === invariant)
    .flatMap(({ violations }) => violations({ ...sound, ...evidence }, history))
    .join('\n');

const [confirmed, cancelled] = sound.appointments as [
  Evidence['appointments'][0],
  Evidence['appointments'][0],
];
const [claim] = sound.claims as [Evidence['claims'][0]];
const [hold] = sound.holds as [Evidence['holds'][0]];
const [first, second] = sound.payments as [Evidence['payments'][0], Evidence['payments'][0]];
const [order, other] = sound.paymentIntents as [Evidence['paymentIntents'][0], Evidence['paymentIntents'][0]];
const [refund] = sound.refunds as [Evidence['refunds'][0]];
const [made] = sound.processorRefunds as [Evidence['processorRefunds'][0]];
const [mail] = sound.mails as [Evidence['mails'][0]];

describe('the checker', () => {
  it('finds nothing where all is as it must be', () => {
    expect(invariants.map((one) => [one.id, one.violations(sound, quietHistory)])).toEqual(
      invariants.map((one) => [one.id, []]),
    );
  });

  it('has a name of its own for each invariant', () => {
    expect(new Set(invariants.map((one) => one.id)).size).toBe(invariants.length);
  });
});

describe('I1', () => {
  it('sees two claims that overlap by a buffer alone', () => {
    const later = { ...claim, ownerId: id.hold, kind: 'hold', from: at(3.1), to: at(4) };
    const holds = [...sound.holds, { ...hold, status: 'ACTIVE', expiresAt: at(1), endedAt: null }];
    expect(said('I1', { claims: [claim, later], holds })).toMatch(/claims of .* overlap/);
  });

  it('sees two appointments that overlap, whatever their claims say', () => {
    const twin = { ...confirmed, id: id.hold, start: at(2.5), end: at(3.5) };
    expect(said('I1', { appointments: [confirmed, cancelled, twin] })).toMatch(
      /appointments and holds of .* overlap/,
    );
  });

  it('sees two people who hold one time, whatever their claims say', () => {
    const open = {
      ...hold,
      status: 'ACTIVE',
      endedAt: null,
      appointmentId: null,
      expiresAt: at(1),
      start: at(9),
      end: at(10),
    };
    const holds = [hold, { ...open, id: 'one' }, { ...open, id: 'two' }];
    expect(said('I1', { holds })).toMatch(/appointments and holds of .* overlap/);
  });

  it('lets one begin in the moment in which the other ends', () => {
    const next = { ...claim, ownerId: id.cancelled, from: at(3.25), to: at(4.5) };
    const after = { ...cancelled, status: 'CONFIRMED', start: at(3.25), end: at(4.25) };
    expect(said('I1', { appointments: [confirmed, after], claims: [claim, next] })).toBe('');
  });

  it('sees an appointment without its claim, and a claim without an owner', () => {
    expect(said('I1', { claims: [] })).toMatch(/has no claim/);
    expect(
      said('I1', { claims: [claim, { ...claim, ownerId: id.cancelled, from: at(9), to: at(10) }] }),
    ).toMatch(/no live owner/);
  });
});

describe('I2', () => {
  it('sees a hold that outlives its end', () => {
    const open = { ...hold, status: 'ACTIVE', endedAt: null, appointmentId: null, expiresAt: at(-1) };
    expect(red({ holds: [open] })).toEqual(['I2']);
  });

  it('sees two holds that became one appointment', () => {
    expect(red({ holds: [hold, { ...hold, id: id.cancelled }] })).toEqual(['I2']);
  });
});

describe('I3', () => {
  it('sees a step that the state machine does not have', () => {
    const audit = sound.audit.map((one) =>
      one.newStatus === 'PENDING_PAYMENT' ? { ...one, newStatus: 'EXPIRED' } : one,
    );
    expect(said('I3', { audit })).toMatch(/no step of the state machine/);
  });

  it('sees an entry that begins where the one before did not end', () => {
    const late = {
      ...(sound.audit[2] as Evidence['audit'][0]),
      seq: 9,
      version: 4,
      previousStatus: 'PENDING_CONFIRMATION',
      newStatus: 'EXPIRED',
    };
    const appointments = [{ ...confirmed, status: 'EXPIRED', version: 4 }, cancelled];
    expect(said('I3', { appointments, audit: [...sound.audit, late] })).toMatch(/had left it CONFIRMED/);
  });

  it('sees a row that stands elsewhere than its trail', () => {
    expect(said('I3', { appointments: [{ ...confirmed, status: 'PENDING_PAYMENT' }, cancelled] })).toMatch(
      /its trail ends/,
    );
  });
});

describe('I4', () => {
  it('sees a capture that our rows do not know', () => {
    const payments = [{ ...first, capturedAmountMinor: 0 }, second];
    expect(said('I4', { payments })).toMatch(/the processor 12000 and 0[\s\S]*in all we have 6000 USD/);
  });

  it('sees money taken for what never was confirmed', () => {
    const audit = sound.audit.filter(
      ({ appointmentId, newStatus }) => appointmentId !== id.confirmed || newStatus !== 'CONFIRMED',
    );
    expect(said('I4', { audit })).toMatch(/never was CONFIRMED/);
  });

  it('sees two orders that both hold money for one appointment', () => {
    const paymentIntents = [order, other, { ...order, id: 'pi_3', capturedMinor: 0, heldMinor: 12_000 }];
    expect(said('I4', { paymentIntents })).toMatch(/both held or captured/);
  });

  it('sees a share that is not what the policy keeps', () => {
    const appointments = [confirmed, { ...cancelled, refundBasisPoints: 10_000 }];
    expect(said('I4', { appointments })).toMatch(/6000 was kept, 0 was to be/);
  });
});

describe('I5', () => {
  it('sees a refund that the processor made twice', () => {
    expect(said('I5', { processorRefunds: [made, { ...made, id: 're_2' }] })).toMatch(/was made 2 times/);
  });

  it('sees two refunds for one cause', () => {
    expect(said('I5', { refunds: [refund, { ...refund, id: 'r2' }] })).toMatch(
      /2 refunds of payment p2 for cancellation/,
    );
  });

  it('sees a refund that never reached the processor', () => {
    expect(said('I5', { processorRefunds: [] })).toMatch(/was never made/);
  });
});

describe('I6', () => {
  it('sees a mail that left twice', () => {
    expect(red({ mails: [...sound.mails, mail] })).toEqual(['I6']);
  });

  it('sees a mail that never left, and one that nobody planned', () => {
    expect(said('I6', { mails: sound.mails.slice(1) })).toMatch(/the vendor never sent it/);
    expect(
      said('I6', { mails: [...sound.mails, { ...mail, customArgs: { notification_id: 'nx' } }] }),
    ).toMatch(/none of ours/);
  });

  it('sees a confirmed appointment of which somebody was not told', () => {
    const notifications = sound.notifications.filter(({ recipient }) => recipient !== 'PROVIDER');
    expect(said('I6', { notifications })).toMatch(/nobody told/);
  });
});

describe('I7', () => {
  it('sees a change without its audit entry', () => {
    expect(said('I7', { audit: sound.audit.slice(1) })).toMatch(/v1 has 0 audit entries/);
  });

  it('sees a change without its event, and one with two', () => {
    const [event] = sound.events as [Evidence['events'][0]];
    expect(red({ events: sound.events.slice(1) })).toEqual(['I7']);
    expect(red({ events: [...sound.events, event] })).toEqual(['I7']);
  });

  it('sees news that was noted twice', () => {
    const audit = sound.audit.map((one) => ({
      ...one,
      type: 'notification_sent',
      data: { notificationId: 'n1' },
    }));
    expect(said('I7', { audit })).toMatch(/noted 3 times/);
  });
});

describe('I8', () => {
  const reminded = sound.notifications[2] as Evidence['notifications'][0];

  it('sees a reminder of what was called off', () => {
    const notifications = [
      ...sound.notifications.slice(0, 2),
      { ...reminded, appointmentId: id.cancelled, occurrence: at(2.5).toISOString() },
    ];
    expect(red({ notifications })).toEqual(['I8']);
  });

  it('sees a reminder of a start that it no longer has', () => {
    const notifications = [
      ...sound.notifications.slice(0, 2),
      { ...reminded, occurrence: at(7).toISOString() },
    ];
    expect(red({ notifications })).toEqual(['I8']);
  });
});

describe('I9', () => {
  const [calendarEvent] = sound.calendarEvents as [Evidence['calendarEvents'][0]];

  it('sees a calendar event where no calendar is connected', () => {
    expect(red({ calendarEvents: [{ ...calendarEvent, state: 'PENDING' }] })).toEqual(['I9']);
  });

  it('sees a connected calendar that does not have what is confirmed', () => {
    expect(red({ connected: [calendarEvent.providerId] })).toEqual(['I9']);
  });
});

describe('I10', () => {
  const answered = quietHistory[2] as Extract<Line, { kind: 'try' }>;

  it('sees an appointment shown to a stranger, and his words', () => {
    expect(red({}, [...quietHistory, { ...answered, login: 'patient2' }])).toEqual(['I10']);
    expect(said('I10', {}, [{ ...answered, login: 'staff2' }])).toMatch(
      /was shown appointment[\s\S]*read canary/,
    );
  });

  it('lets its provider and its desk see it, and nobody who is not logged in', () => {
    const shownTo = (login: string | null): Line[] => [{ ...answered, login }];
    expect(said('I10', {}, [...shownTo('provider'), ...shownTo('staff')])).toBe('');
    expect(said('I10', {}, shownTo(null))).toMatch(/a visitor was shown/);
  });
});

describe('C2', () => {
  it('sees an acknowledged appointment that is gone', () => {
    expect(said('C2', { appointments: [cancelled] })).toMatch(/is not there/);
  });

  it('sees one that went back behind what was acknowledged', () => {
    const booked = { ...tryOf(7), act: 'cancelAppointment', id: id.confirmed, status: 'CANCELLED_PATIENT' };
    expect(red({}, [...quietHistory, booked])).toEqual(['C2']);
  });
});

describe('C3', () => {
  const booked = quietHistory[0] as Extract<Line, { kind: 'try' }>;

  it('sees a key that gave two appointments', () => {
    expect(red({}, [...quietHistory, { ...booked, request: 8, id: id.cancelled }])).toEqual(['C3']);
  });

  it('sees a no after a yes, and not one that was under way before it', () => {
    const refused = { ...booked, request: 8, outcome: 'refused' as const, code: 'SLOT_HOLD_OVER' };
    expect(red({}, [...quietHistory, { ...refused, sentAt: booked.heardAt + 1 }])).toEqual(['C3']);
    expect(red({}, [...quietHistory, { ...refused, sentAt: booked.heardAt - 1 }])).toEqual([]);
  });
});

describe('C6', () => {
  it('sees what was left undone', () => {
    expect(red({ leftUndone: ['3 events of booking to publish'] })).toEqual(['C6']);
  });
});

describe('C11', () => {
  it('sees a version that goes back', () => {
    expect(said('C11', {}, [watchedOf(3, 'CONFIRMED'), watchedOf(2, 'PENDING_PAYMENT')])).toMatch(
      /v2 of .* after v3/,
    );
  });

  it('sees a subscriber who never saw the end', () => {
    expect(red({}, quietHistory.slice(0, 4))).toEqual(['C11']);
  });
});

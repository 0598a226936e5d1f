import fc from 'fast-check';
import { Refusal } from '@caregraph/contracts';
import { Notification, mostCopies, settleMinutes } from './notification.js';

const now = new Date('2026-11-21T12:00:00.000Z');
const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000);

const queued = (): Notification =>
  Object.assign(new Notification(), {
    id: '9a0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0a01',
    practiceId: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a01',
    appointmentId: '5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0a01',
    cause: 'appointment-confirmed',
    occurrence: 'once',
    channel: 'EMAIL',
    recipient: 'PATIENT',
    template: 'booking_confirmed_patient',
    createdAt: now,
    updatedAt: now,
  } as const);

const reports = {
  accept: (notification: Notification) => notification.accept('message', now),
  deliver: (notification: Notification) => notification.deliver(now, now),
  fail: (notification: Notification) => notification.fail('BLOCKED', now),
  bounce: (notification: Notification) => notification.bounce(now),
} as const;
type Report = keyof typeof reports;
const rank: Record<Report, string> = {
  accept: 'SENT',
  fail: 'FAILED',
  deliver: 'DELIVERED',
  bounce: 'BOUNCED',
};

describe('a notification', () => {
  it('ends in the same status whatever the order of the reports, and however often each comes (X-03)', () => {
    const all = Object.keys(rank) as Report[];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...all), { minLength: 1, maxLength: 8 }), (sequence) => {
        const notification = queued();
        for (const report of sequence) reports[report](notification);
        const strongest = all.filter((report) => sequence.includes(report)).at(-1);
        expect(notification.status).toBe(strongest && rank[strongest]);
      }),
    );
  });

  it('is not delivered because the vendor took it (X-03)', () => {
    const notification = queued();
    expect(notification.accept('message', now)?.type).toBe('notifications.notification-sent.v1');
    expect(notification).toMatchObject({ status: 'SENT', sentAt: now, deliveredAt: null });
    expect(notification.deliver(later(1), later(1))).toBeUndefined();
    expect(notification).toMatchObject({ status: 'DELIVERED', deliveredAt: later(1) });
    expect(notification.accept('message', later(2))).toBeUndefined();
    expect(notification.status).toBe('DELIVERED');
  });

  it('tells the others once that it was sent, also when delivery is the first that is heard', () => {
    const notification = queued();
    expect(notification.deliver(now, now)?.type).toBe('notifications.notification-sent.v1');
    expect(notification.accept('message', now)).toBeUndefined();
    expect(notification.sentAt).toEqual(now);
  });

  it('whose call was lost is sent once more after five silent minutes, then given up', () => {
    const notification = queued();
    notification.beginTry('hash', now);
    expect(notification.settleAt).toEqual(later(settleMinutes));
    expect(notification.giveUpWaiting(later(settleMinutes - 1))).toBeUndefined();
    expect(notification.giveUpWaiting(later(settleMinutes))).toBe('SEND_AGAIN');
    expect(notification.settleAt).toBeNull();

    notification.beginTry('hash', later(6));
    expect(notification.giveUpWaiting(later(11))).toMatchObject({ data: { failure: 'OUTCOME_UNKNOWN' } });
    expect(notification).toMatchObject({ status: 'FAILED', attempts: 2 });
  });

  it('that was skipped says why, and the others hear of it where somebody should have been told (X-25)', () => {
    const overtaken = queued();
    expect(overtaken.skip('OVERTAKEN', now)).toBeUndefined();
    expect(overtaken).toMatchObject({ status: 'SKIPPED', reason: 'OVERTAKEN', sentAt: null });
    expect(queued().skip('NO_ADDRESS', now)).toMatchObject({ data: { failure: 'NO_ADDRESS' } });
  });

  it('can be copied when it has left, so often and not more', () => {
    expect(queued().copy('id', 1, now)).toBeInstanceOf(Refusal);
    const sent = queued();
    sent.accept(null, now);
    expect(sent.copy('id', 1, now)).toMatchObject({
      id: 'id',
      status: 'QUEUED',
      occurrence: 'once#2',
      attempts: 0,
    });
    expect(sent.copy('id', mostCopies, now)).toBeInstanceOf(Notification);
    expect(sent.copy('id', mostCopies + 1, now)).toMatchObject({ code: 'NOTIFICATION_NOT_RESENDABLE' });
  });
});

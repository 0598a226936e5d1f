// What notifications tells the others: that a message about an appointment went out, or did not.
import { z } from 'zod';
import { defineEvent, type EventDataOf } from './event.js';
import { id, instant, version } from './fields.js';

const notification = z.object({
  notificationId: id,
  appointmentId: id,
  practiceId: id,
  version,
  cause: z.string().describe('Why it was sent, for example appointment-confirmed.'),
  channel: z.enum(['EMAIL', 'TEXT', 'PUSH', 'VOICE']),
  recipient: z
    .enum(['PATIENT', 'PROVIDER', 'STAFF'])
    .describe("Who, never an address. STAFF: the practice's desk."),
  occurredAt: instant,
});
const example = {
  notificationId: '9a0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0a01',
  appointmentId: '5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0a01',
  practiceId: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a01',
  version: 2,
  cause: 'appointment-confirmed',
  channel: 'EMAIL' as const,
  recipient: 'PATIENT' as const,
  occurredAt: '2026-11-21T12:00:05.000Z',
};

export const notificationSent = defineEvent('notifications.notification-sent.v1', notification, {
  noun: 'notification',
  key: 'appointmentId',
  description: 'The vendor took the message; whether it arrived comes later.',
  example,
});
export const notificationFailed = defineEvent(
  'notifications.notification-failed.v1',
  notification.extend({ failure: z.string().describe('A code, never an address or the text.') }),
  {
    noun: 'notification',
    key: 'appointmentId',
    description: 'The message will not arrive.',
    example: { ...example, failure: 'BOUNCED' },
  },
);

export type NotificationSent = EventDataOf<typeof notificationSent>;

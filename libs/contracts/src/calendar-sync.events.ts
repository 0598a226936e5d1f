// What calendar-sync tells the others about the provider's outside calendar.
import { z } from 'zod';
import { defineEvent, type EventDataOf } from './event.js';
import { id, instant, version } from './fields.js';

const appointmentId = '5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0a01';
const practiceId = '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a01';
const providerId = '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a03';

const verification = z.object({
  appointmentId: id,
  practiceId: id,
  providerId: id,
  version: version.describe(
    'Of the appointment that was asked about: an answer to an older question is dropped.',
  ),
  checkedAt: instant,
});
const verificationExample = {
  appointmentId,
  practiceId,
  providerId,
  version: 3,
  checkedAt: '2026-11-21T12:00:03.000Z',
};
const answer = { noun: 'appointment', key: 'appointmentId' } as const;

export const appointmentTimeVerified = defineEvent(
  'calendar-sync.appointment-time-verified.v1',
  verification,
  {
    ...answer,
    description: "The provider's outside calendar is free, and fresh enough to be believed.",
    example: verificationExample,
  },
);
export const appointmentTimeConflicted = defineEvent(
  'calendar-sync.appointment-time-conflicted.v1',
  verification,
  {
    ...answer,
    description: "The provider's outside calendar is busy at that time.",
    example: verificationExample,
  },
);
export const appointmentTimeUnverifiable = defineEvent(
  'calendar-sync.appointment-time-unverifiable.v1',
  verification.extend({ reason: z.enum(['NOT_CONNECTED', 'STALE', 'RECONNECT_NEEDED']) }),
  {
    ...answer,
    description: 'The outside calendar cannot be asked.',
    example: { ...verificationExample, reason: 'STALE' },
  },
);

export const connectionStates = ['NOT_CONNECTED', 'CONNECTED', 'STALE', 'RECONNECT_NEEDED'] as const;
export const connectionChanged = defineEvent(
  'calendar-sync.connection-changed.v1',
  z.object({
    providerId: id,
    practiceId: id,
    version,
    state: z.enum(connectionStates),
    changedAt: instant,
  }),
  {
    noun: 'calendar-connection',
    key: 'providerId',
    description: "The state of a provider's calendar connection; it decides instant or request (BK-059).",
    example: {
      providerId,
      practiceId,
      version: 1,
      state: 'NOT_CONNECTED',
      changedAt: '2026-11-21T12:00:00.000Z',
    },
  },
);

export const calendarEventStates = ['PENDING', 'SYNCED', 'FAILED', 'NOT_APPLICABLE'] as const;
const calendarEvent = z.object({
  appointmentId: id,
  practiceId: id,
  providerId: id,
  version,
  state: z.enum(calendarEventStates),
  occurredAt: instant,
});
const calendarEventExample = {
  appointmentId,
  practiceId,
  providerId,
  version: 2,
  state: 'SYNCED' as const,
  occurredAt: '2026-11-21T12:00:05.000Z',
};
const calendarKey = { noun: 'calendar-event', key: 'appointmentId' } as const;

export const calendarEventCreated = defineEvent('calendar-sync.calendar-event-created.v1', calendarEvent, {
  ...calendarKey,
  description: "The appointment stands in the provider's outside calendar.",
  example: calendarEventExample,
});
export const calendarEventUpdated = defineEvent('calendar-sync.calendar-event-updated.v1', calendarEvent, {
  ...calendarKey,
  description: 'The calendar event was moved with the appointment.',
  example: calendarEventExample,
});
export const calendarEventDeleted = defineEvent('calendar-sync.calendar-event-deleted.v1', calendarEvent, {
  ...calendarKey,
  description: 'The calendar event is gone, as the appointment is.',
  example: calendarEventExample,
});
export const calendarEventFailed = defineEvent('calendar-sync.calendar-event-failed.v1', calendarEvent, {
  ...calendarKey,
  description: 'The calendar could not be changed; it will be tried again.',
  example: { ...calendarEventExample, state: 'FAILED' },
});

export type ConnectionChanged = EventDataOf<typeof connectionChanged>;
export type CalendarEventChanged = EventDataOf<typeof calendarEventCreated>;

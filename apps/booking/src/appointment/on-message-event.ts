// What notifications and calendar-sync did about an appointment goes into its trail (BK-106, BK-107).
import {
  calendarEventCreated,
  calendarEventDeleted,
  calendarEventFailed,
  calendarEventUpdated,
  notificationFailed,
  notificationSent,
  type EventDefinition,
  type NotificationSent,
  type CalendarEventChanged,
} from '@caregraph/contracts';
import { consumer } from '@caregraph/messaging';
import type { AuditType } from '../audit/audit-entry.js';
import type { Deps } from '../deps.js';
import { note } from './note-appointment.js';

export const onCalendarEvent = [
  ofCalendar(calendarEventCreated, 'calendar_event_created'),
  ofCalendar(calendarEventUpdated, 'calendar_event_updated'),
  ofCalendar(calendarEventDeleted, 'calendar_event_deleted'),
  ofCalendar(calendarEventFailed, 'calendar_sync_failed'),
];

export const onNotification = [
  ofNotification(notificationSent, 'notification_sent'),
  ofNotification(notificationFailed, 'notification_failed'),
];

function ofCalendar<Type extends string, Data extends CalendarEventChanged>(
  definition: EventDefinition<Type, Data>,
  type: AuditType,
) {
  return consumer(definition, (deps: Deps, { appointmentId, state }) =>
    note(deps, appointmentId, type, { state }),
  );
}

function ofNotification<Type extends string, Data extends NotificationSent>(
  definition: EventDefinition<Type, Data>,
  type: AuditType,
) {
  return consumer(definition, (deps: Deps, { appointmentId, notificationId, cause, channel, recipient }) =>
    note(deps, appointmentId, type, { notificationId, cause, channel, recipient }),
  );
}

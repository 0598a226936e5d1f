// How a calendar event lies in PostgreSQL. State and version are compared on each write.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { calendarEventStates } from '@caregraph/contracts';
import { CalendarEvent } from './calendar-event.js';
import { calendarOperations } from './lifecycle.js';

const instant = () => p.datetime().columnType('timestamptz');

export const CalendarEventSchema = defineEntity({
  class: CalendarEvent,
  tableName: 'calendar_event',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    providerId: p.uuid(),
    state: p.enum(calendarEventStates).concurrencyCheck(),
    operation: p.enum(calendarOperations).nullable(),
    version: p.integer().concurrencyCheck(),
    start: instant().fieldName('start_at'),
    end: instant().fieldName('end_at'),
    createdAt: instant(),
    updatedAt: instant(),
  },
});

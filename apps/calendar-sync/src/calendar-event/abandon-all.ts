// What becomes of a provider's calendar events when his outside calendar is given up.
import type { EntityManager } from '@mikro-orm/postgresql';
import { CalendarEvent } from './calendar-event.js';

/** Nothing is pending afterwards, and nothing to come is held for synced. What is over and done stays as it was. */
export async function abandonAll(em: EntityManager, providerId: string, now: Date): Promise<void> {
  const open = await em.find(CalendarEvent, {
    providerId,
    $or: [{ operation: { $ne: null } }, { state: 'SYNCED', end: { $gt: now } }],
  });
  for (const calendarEvent of open) calendarEvent.abandon(now);
}

// What scheduling knows of a provider's outside calendar: a small copy, kept by calendar-sync's events.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { connectionChanged, connectionStates } from '@caregraph/contracts';
import { consumer } from '@caregraph/messaging';
import type { Deps } from '../deps.js';

const KnownCalendarSchema = defineEntity({
  name: 'KnownCalendar',
  tableName: 'known_calendar',
  properties: {
    /** The provider's: he has one connection. */
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer(),
    state: p.enum(connectionStates),
  },
});
export class KnownCalendar extends KnownCalendarSchema.class {}
KnownCalendarSchema.setClass(KnownCalendar);
export { KnownCalendarSchema };

/** A lower or equal version is dropped. */
export const onConnectionChanged = consumer(connectionChanged, async ({ em }: Deps, connection) => {
  const { providerId: id, practiceId, version, state } = connection;
  const known = await em.findOne(KnownCalendar, { id });
  if (known && known.version >= version) return;
  if (known) em.assign(known, { version, state });
  else em.persist(em.create(KnownCalendar, { id, practiceId, version, state }));
});

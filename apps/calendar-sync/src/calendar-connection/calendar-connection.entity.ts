// How a calendar connection lies in PostgreSQL. State and version are compared on each write.
import { defineEntity, p, type EntityManager, type LockMode } from '@mikro-orm/postgresql';
import { connectionStates } from '@caregraph/contracts';
import { CalendarConnection } from './calendar-connection.js';

const instant = () => p.datetime().columnType('timestamptz');

export const CalendarConnectionSchema = defineEntity({
  class: CalendarConnection,
  tableName: 'calendar_connection',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    state: p.enum(connectionStates).concurrencyCheck(),
    version: p.integer().concurrencyCheck(),
    lastSyncedAt: instant().nullable(),
    createdAt: instant(),
    updatedAt: instant(),
  },
});

/**
 * The provider's connection, locked until the transaction ends. PESSIMISTIC_READ keeps it from being disconnected while
 * a decision is made by it; PESSIMISTIC_WRITE is for who changes it. Null: nobody has connected anything.
 */
export const lockedConnection = (
  em: EntityManager,
  providerId: string,
  lockMode: LockMode.PESSIMISTIC_READ | LockMode.PESSIMISTIC_WRITE,
): Promise<CalendarConnection | null> => em.findOne(CalendarConnection, { id: providerId }, { lockMode });

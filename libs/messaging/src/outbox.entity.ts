// The outbox as the unit of work sees it: an event to be published is a row of the transaction that caused it.
// `seq` and `published_at` belong to the relay and are not mapped.
import { defineEntity, p } from '@mikro-orm/postgresql';
import type { EventEnvelope } from '@caregraph/contracts';

const OutboxSchema = defineEntity({
  name: 'OutboxEntry',
  tableName: 'outbox',
  properties: {
    /** The event's id; consumers tell duplicates by it. */
    id: p.uuid().primary(),
    /** The topic, under the column name that Debezium's event router reads. */
    aggregatetype: p.text(),
    /** The key, under the column name that Debezium's event router reads. */
    aggregateid: p.text(),
    type: p.text(),
    /** The whole CloudEvents envelope. */
    payload: p.json<EventEnvelope>(),
    createdAt: p.datetime().columnType('timestamptz'),
  },
});

export class OutboxEntry extends OutboxSchema.class {}
OutboxSchema.setClass(OutboxEntry);

/** What each app adds to the entities of its ORM. The inbox and the dead letters are reached by SQL alone. */
export const messagingEntities = [OutboxEntry] as const;

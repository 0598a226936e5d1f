// The only way in which an event leaves an app.
import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { envelope, type DomainEvent } from '@caregraph/contracts';
import { planted, traceparent } from '@caregraph/runtime';
import { OutboxEntry } from './outbox.entity.js';

/**
 * Puts the event into the outbox of the current unit of work: it is published if, and only if, the transaction
 * commits. The app that stands first in the event's type is its source.
 * @param now becomes the event's time.
 */
export function publish(em: EntityManager, event: DomainEvent, now: Date): void {
  const id = randomUUID();
  const [source = ''] = event.type.split('.');
  const entry = {
    id,
    aggregatetype: event.topic,
    aggregateid: event.key,
    type: event.type,
    payload: envelope(event, { id, source, time: now, traceparent: traceparent() }),
    createdAt: now,
  };
  if (planted('event-after-commit')) setTimeout(() => void em.fork().insert(OutboxEntry, entry), 300);
  else em.persist(em.create(OutboxEntry, entry));
}

// Audit entry and outbox row, always together: the only way in which a change leaves its verb.
import { randomUUID } from 'node:crypto';
import type { DomainEvent } from '@caregraph/contracts';
import { publish } from '@caregraph/messaging';
import { roleOf } from '../caller/rights.js';
import type { Deps } from '../deps.js';
import { AuditEntry, type AuditType, type Whom } from './audit-entry.js';

interface Subject {
  readonly id: string;
  /** Null where the change concerns no single practice. */
  readonly practiceId: string | null;
  readonly type: AuditType;
  /** What was changed, without any secret, and without the name of anybody. */
  readonly data: Record<string, unknown>;
  /** Whom it is about; left out where it is about nobody. */
  readonly whom?: Whom | null;
}

/** Writes both in the current transaction. The subject's type is the noun in the event's topic. */
export function record(
  { em, viewer, now }: Pick<Deps, 'em' | 'viewer' | 'now'>,
  event: DomainEvent,
  { id, practiceId, type, data, whom = null }: Subject,
): void {
  const actorType = roleOf(viewer, practiceId);
  em.persist(
    em.create(AuditEntry, {
      id: randomUUID(),
      practiceId,
      subjectType: event.topic.split('.')[1] ?? '',
      subjectId: id,
      type,
      data,
      whom,
      actorType,
      actorSub: viewer.account,
      requestId: viewer.requestId,
      ipAddress: viewer.ip,
      userAgent: viewer.userAgent,
      source: actorType === 'system' ? 'system' : 'api',
      at: now,
    }),
  );
  publish(em, event, now);
}

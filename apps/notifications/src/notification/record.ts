// What came of a notification: the event for the others and the line in the log, in one place (NT-011).
import type { DomainEvent } from '@caregraph/contracts';
import { publish } from '@caregraph/messaging';
import type { Deps } from '../deps.js';
import type { Notification } from './notification.js';

/** Told after each change of status; a rolled-back one is told again when it is tried again. */
export type Tell = (notification: Notification) => void;

/** Publishes what the verb returned, in the current transaction, and tells of the change. */
export function record(
  { em, now }: Pick<Deps, 'em' | 'now'>,
  tell: Tell,
  notification: Notification,
  event: DomainEvent | undefined,
): void {
  if (event) publish(em, event, now);
  tell(notification);
}

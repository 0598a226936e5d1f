// The same message once more, as a notification of its own: asked for by somebody, or because the first one failed.
import { randomUUID } from 'node:crypto';
import { Refusal } from '@caregraph/contracts';
import type { Deps } from '../deps.js';
import { Notification } from './notification.js';
import type { NotificationNotResendable } from './notification.refusals.js';
import { queue } from './plan-messages.js';

/** The caller holds the appointment's lock, so that copies are counted once. */
export async function sendAgain(
  deps: Deps,
  notification: Notification,
): Promise<Notification | NotificationNotResendable> {
  const copies = (await copiesOf(deps, notification)).length;
  const copy = notification.copy(randomUUID(), copies, deps.now);
  if (copy instanceof Refusal) return copy;
  deps.em.persist(copy);
  await queue(deps, copy);
  return copy;
}

/** The first message and its copies, which carry a mark behind its occurrence; the oldest first. */
export function copiesOf({ em }: Pick<Deps, 'em'>, of: Notification): Promise<Notification[]> {
  const { appointmentId, cause, channel, recipient, occurrence } = of;
  const [first = ''] = occurrence.split('#');
  return em.find(
    Notification,
    {
      ...{ appointmentId, cause, channel, recipient },
      $or: [{ occurrence: first }, { occurrence: { $like: `${first}#%` } }],
    },
    { orderBy: { createdAt: 'asc', occurrence: 'asc' } },
  );
}

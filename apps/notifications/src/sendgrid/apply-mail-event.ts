// Applies one event of SendGrid to its notification: once, and only forward.
import { cancelJob } from '@caregraph/jobs';
import type { DomainEvent } from '@caregraph/contracts';
import type { EntityManager } from '@mikro-orm/postgresql';
import { settleNotification } from '../notification/notification.jobs.js';
import type { Notification } from '../notification/notification.js';
import { record, type Tell } from '../notification/record.js';
import { lockNotification } from '../notification/send.js';
import { suppress } from '../suppression/suppressions.js';
import { meaningOf, type MailEvent, type Meaning } from './mail-event.js';

interface Applying {
  readonly em: EntityManager;
  readonly now: Date;
  readonly tell: Tell;
}

export function applyMailEvent(deps: Applying, event: MailEvent): Promise<void> {
  const { now, tell } = deps;
  return deps.em.transactional(async (em) => {
    if (!(await isNew(em, event, now)) || !event.notification_id) return;
    const notification = await lockNotification(em, event.notification_id);
    if (!notification) return;

    const { status: before, settleAt } = notification;
    const meaning = meaningOf(event);
    const told = apply(notification, meaning, event, now);
    if (notification.status !== before) record({ em, now }, tell, notification, told);
    // It shows that the call had arrived, so nothing is left to settle.
    if (settleAt && !notification.settleAt) await cancelJob(em, settleNotification, notification.id);
    if ('suppress' in meaning && meaning.suppress && notification.addressHash) {
      const { addressHash, practiceId } = notification;
      await suppress(em, { addressHash, practiceId, cause: meaning.suppress, now });
    }
  });
}

function apply(
  notification: Notification,
  meaning: Meaning,
  event: MailEvent,
  now: Date,
): DomainEvent | undefined {
  const messageId = event.sg_message_id ?? null;
  switch (meaning.kind) {
    case 'ACCEPTED':
    case 'COMPLAINED':
      return notification.accept(messageId, now);
    case 'DELIVERED':
      return notification.deliver(new Date(event.timestamp * 1_000), now);
    case 'BOUNCED':
      return notification.bounce(now);
    case 'FAILED':
      return notification.fail(meaning.reason, now);
    case 'NOTHING':
      return undefined;
  }
}

/** Its own id tells a repeated event; the row is in the transaction of the effect. */
async function isNew(em: EntityManager, { sg_event_id: id }: MailEvent, now: Date): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    'insert into sendgrid_event (id, received_at) values (?, ?) on conflict do nothing returning id',
    [id, now],
  );
  return rows.length > 0;
}

const keptDays = 30;

/** Forgets ids that are far older than any repetition. */
export const forgetOldEvents = (em: EntityManager, now: Date): Promise<unknown> =>
  em.execute(
    'delete from sendgrid_event where received_at < ?',
    [new Date(now.getTime() - keptDays * 86_400_000)],
    'run',
  );

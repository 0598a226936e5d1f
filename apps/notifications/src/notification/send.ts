// Sends one notification. The vendor's call stands between two transactions, and the vendor has no idempotency key: the
// first remembers that a call begins, so that nobody ever repeats one whose outcome is unknown.
import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { enqueue } from '@caregraph/jobs';
import { planted } from '@caregraph/runtime';
import { KnownAppointment } from '../copies/known.js';
import type { Deps } from '../deps.js';
import type { Mail, SendMail, SendOutcome } from '../sendgrid/sendgrid.js';
import { isSuppressed } from '../suppression/suppressions.js';
import { readerOf, type Reader } from '../template/reader.js';
import { writeMail, type MailWriter } from '../template/write-mail.js';
import { notYetTrue, stillTrue } from './messages.policy.js';
import { settleNotification } from './notification.jobs.js';
import { Notification, type SkipReason } from './notification.js';
import { queue } from './plan-messages.js';
import { record, type Tell } from './record.js';
import { retryAt } from './retry.policy.js';

export interface Sending extends Deps {
  readonly writer: MailWriter;
  readonly sendMail: SendMail;
  readonly tell: Tell;
}

/** Throws for what a retry may cure, such as a patient of whom nothing has been heard yet. */
export async function send(deps: Sending, notificationId: string): Promise<void> {
  const mail = await deps.em.fork().transactional((em) => begin({ ...deps, em }, notificationId));
  if (!mail) return;
  const outcome = await deps.sendMail(mail);
  await deps.em.fork().transactional((em) => conclude({ ...deps, em }, notificationId, outcome));
}

/** Marks the try and writes the mail; null where there is nothing to send. */
async function begin(deps: Sending, id: string): Promise<Mail | null> {
  const { em, now } = deps;
  const notification = await lockNotification(em, id);
  if (notification?.status !== 'QUEUED') return null;
  if (notification.settleAt) {
    // A worker died between its two transactions: its call may have reached the vendor.
    await planToSettle(em, notification);
    return null;
  }
  const appointment = await em.findOneOrFail(KnownAppointment, { id: notification.appointmentId });
  if (notYetTrue(notification, appointment))
    throw new Error('What this message tells of has not been heard of booking yet.');
  const reader = await readerOf(deps, appointment, notification.recipient);
  const skip = await reasonToSkip(deps, notification, appointment, reader);
  if (skip) {
    record(deps, deps.tell, notification, notification.skip(skip, now));
    return null;
  }
  const words = reader && (await writeMail(deps.writer, deps, { notification, appointment, reader }));
  if (!words || !reader.address)
    throw new Error('The people or places of this message have not been heard of yet.');
  notification.beginTry(deps.addressHash.of(reader.address), now);
  return { ...words, to: { email: reader.address, name: reader.fullName } };
}

async function reasonToSkip(
  { em, now, addressHash }: Sending,
  notification: Notification,
  appointment: KnownAppointment,
  reader: Reader | null,
): Promise<SkipReason | null> {
  if (!stillTrue(notification, appointment, now) && !planted('reminder-unchecked')) return 'OVERTAKEN';
  if (!reader) return null;
  if (!reader.address) return 'NO_ADDRESS';
  return (await isSuppressed(em, addressHash.all(reader.address))) ? 'SUPPRESSED' : null;
}

/** Records what the call brought. An event of the vendor may have been faster; then this changes nothing. */
async function conclude(deps: Sending, id: string, outcome: SendOutcome): Promise<void> {
  const { em, now, tell } = deps;
  const notification = await lockNotification(em, id);
  if (notification?.status !== 'QUEUED') return;
  switch (outcome.kind) {
    case 'ACCEPTED':
      record(deps, tell, notification, notification.accept(outcome.messageId, now));
      return;
    case 'REFUSED':
      record(deps, tell, notification, notification.fail(outcome.code, now));
      return;
    case 'NOT_NOW': {
      const again = retryAt(notification.attempts, outcome.retryAfterSeconds, now);
      if (!again) {
        record(deps, tell, notification, notification.fail(outcome.code, now));
        return;
      }
      notification.postpone(now);
      await queue(deps, notification, again);
      return;
    }
    case 'UNKNOWN':
      if (planted('silence-taken-for-no')) {
        notification.postpone(now);
        await queue(deps, notification, new Date(now.getTime() + 1_000));
        return;
      }
      await planToSettle(em, notification);
  }
}

/** No event has told what became of a call: sends it once more, or gives it up. */
export function settle(deps: Sending, notificationId: string): Promise<void> {
  return deps.em.transactional(async (em) => {
    const notification = await lockNotification(em, notificationId);
    if (!notification?.settleAt) return;
    if (deps.now < notification.settleAt) {
      await planToSettle(em, notification);
      return;
    }
    const outcome = notification.giveUpWaiting(deps.now);
    if (outcome === 'SEND_AGAIN') await queue({ ...deps, em }, notification);
    else record({ ...deps, em }, deps.tell, notification, outcome);
  });
}

async function planToSettle(em: EntityManager, { id, settleAt }: Notification): Promise<void> {
  if (settleAt) await enqueue(em, settleNotification, { notificationId: id }, { runAt: settleAt, key: id });
}

/** The vendor's events and its answer are applied one after the other. */
export const lockNotification = (em: EntityManager, id: string): Promise<Notification | null> =>
  em.findOne(Notification, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });

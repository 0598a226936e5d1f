// Turns a cause into rows and jobs, in the transaction of the event: what the table says, once per recipient.
import { randomUUID } from 'node:crypto';
import { enqueue } from '@caregraph/jobs';
import type { KnownAppointment } from '../copies/known.js';
import type { Deps } from '../deps.js';
import { occurrenceOf, ruleOf, type Cause, type Message, type Recipient } from './messages.policy.js';
import { sendNotification } from './notification.jobs.js';
import { Notification } from './notification.js';

/** Queues what the cause asks for; what is there already stays as it is. The caller holds the appointment's lock. */
export async function planMessages(deps: Deps, appointment: KnownAppointment, cause: Cause): Promise<void> {
  for (const message of ruleOf(cause).messages) await planMessage(deps, appointment, cause, message);
}

/** Queues the cause's message to one recipient alone. */
export async function planMessageTo(
  deps: Deps,
  appointment: KnownAppointment,
  cause: Cause,
  recipient: Recipient,
): Promise<void> {
  for (const message of ruleOf(cause).messages) {
    if (message.recipient === recipient) await planMessage(deps, appointment, cause, message);
  }
}

async function planMessage(
  deps: Deps,
  appointment: KnownAppointment,
  cause: Cause,
  message: Message,
): Promise<void> {
  if (message.onlyIfTold && !(await wasTold(deps, appointment, message.recipient))) return;
  const notification = await newNotification(deps, appointment, cause, message);
  if (notification) await queue(deps, notification);
}

/** The row of a message; undefined when this occurrence has one (I6). The unique index is the net behind the lock. */
export async function newNotification(
  { em, now }: Deps,
  appointment: KnownAppointment,
  cause: Cause,
  { recipient, channel, template }: Message,
): Promise<Notification | undefined> {
  const occurrence = occurrenceOf(cause, appointment);
  const unique = { appointmentId: appointment.id, cause, occurrence, channel, recipient };
  if (await em.count(Notification, unique)) return undefined;
  const { practiceId } = appointment;
  const instants = { createdAt: now, updatedAt: now };
  const notification = Object.assign(new Notification(), {
    id: randomUUID(),
    practiceId,
    template,
    ...unique,
    ...instants,
  });
  em.persist(notification);
  return notification;
}

/** The job that sends it, in the same transaction. */
export const queue = ({ em }: Deps, { id }: Notification, runAt?: Date): Promise<void> =>
  enqueue(em, sendNotification, { notificationId: id }, { key: id, ...(runAt && { runAt }) });

const wasTold = async ({ em }: Deps, { id }: KnownAppointment, recipient: Recipient): Promise<boolean> =>
  (await em.count(Notification, { appointmentId: id, recipient })) > 0;

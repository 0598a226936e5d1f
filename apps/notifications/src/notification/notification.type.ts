// A notification as clients see it, its refusals, and how the gateway finds it. Never an address or a text.
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Viewer } from '@caregraph/runtime';
import { inOrder, isId, refusalType, type LoadReferences } from '@caregraph/subgraph';
import { findVisible, standingOf } from '../appointment/visibility.js';
import type { Deps } from '../deps.js';
import { notificationStatuses } from './lifecycle.js';
import { channels, recipients } from './messages.policy.js';
import { Notification } from './notification.js';
import { NotificationNotFound, NotificationNotResendable } from './notification.refusals.js';

const enumOf = (values: readonly string[]): Record<string, string> =>
  Object.fromEntries(values.map((value) => [value, value]));

export const NotificationStatusEnum = enumOf(notificationStatuses);
registerEnumType(NotificationStatusEnum, {
  name: 'NotificationStatus',
  description:
    'Where a message is in its life. DELIVERED and BOUNCED are what the recipient’s mail server said.',
});

export const NotificationChannelEnum = enumOf(channels);
registerEnumType(NotificationChannelEnum, {
  name: 'NotificationChannel',
  description: 'By which way a message goes.',
});

export const NotificationRecipientEnum = enumOf(recipients);
registerEnumType(NotificationRecipientEnum, {
  name: 'NotificationRecipient',
  description: 'To whom a message goes.',
});

refusalType(
  NotificationNotFound,
  'Returned when there is no such notification, or the caller may not see it.',
);
refusalType(
  NotificationNotResendable,
  'Returned when the message is still on its way, is no longer true, or was sent often enough.',
  { status: { type: () => NotificationStatusEnum, description: 'Where the notification is in its life.' } },
);

@Directive('@key(fields: "id")')
@ObjectType('Notification', {
  description: 'One message to one recipient by one channel, because of one thing that happened.',
})
export class NotificationObject {
  @Field(() => ID, { description: 'UUID.' })
  id!: string;

  @Field(() => String, { description: 'Why it is sent, for example appointment-confirmed.' })
  cause!: string;

  @Field(() => NotificationChannelEnum, { description: 'By which way it goes.' })
  channel!: string;

  @Field(() => NotificationRecipientEnum, { description: 'To whom it goes.' })
  recipient!: string;

  @Field(() => NotificationStatusEnum, { description: 'Where it is in its life.' })
  status!: string;

  @Field(() => String, {
    nullable: true,
    description: 'A code that says why it failed, bounced or was skipped; null in any other status.',
  })
  reason!: string | null;

  @Field(() => Date, { description: 'When it was queued.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When the vendor took it.' })
  sentAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it arrived, as the vendor reported.' })
  deliveredAt!: Date | null;
}

/** Those of the notifications that the viewer may see: all of an appointment for its practice, his own for a patient. */
export async function visibleOf(
  em: EntityManager,
  viewer: Viewer,
  notifications: readonly Notification[],
): Promise<Notification[]> {
  const ids = [...new Set(notifications.map(({ appointmentId }) => appointmentId))];
  const standings = new Map(
    (await findVisible(em, viewer, ids)).map((access) => [access.id, standingOf(viewer, access)]),
  );
  return notifications.filter(({ appointmentId, recipient }) => {
    const standing = standings.get(appointmentId);
    return standing === 'PRACTICE' || (standing === 'PATIENT' && recipient === 'PATIENT');
  });
}

export const loadNotifications: LoadReferences<Deps> = async ({ em, viewer }, ids) => {
  const found = await em.find(Notification, { id: { $in: ids.filter(isId) } });
  return inOrder(ids, await visibleOf(em, viewer, found));
};

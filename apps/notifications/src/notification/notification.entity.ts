// How a notification lies in PostgreSQL. Status and version are compared on each write: the vendor's events and its
// answer to the call meet here.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { notificationStatuses } from './lifecycle.js';
import { causes, channels, recipients } from './messages.policy.js';
import { Notification } from './notification.js';

const instant = () => p.datetime().columnType('timestamptz');

export const NotificationSchema = defineEntity({
  class: Notification,
  tableName: 'notification',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    appointmentId: p.uuid(),
    cause: p.enum(causes),
    occurrence: p.string(),
    channel: p.enum(channels),
    recipient: p.enum(recipients),
    template: p.string(),
    status: p.enum(notificationStatuses).concurrencyCheck(),
    version: p.integer().concurrencyCheck(),
    reason: p.string().nullable(),
    attempts: p.integer(),
    unknownTries: p.integer(),
    tryStartedAt: instant().nullable(),
    addressHash: p.string().nullable(),
    vendorMessageId: p.string().nullable(),
    createdAt: instant(),
    sentAt: instant().nullable(),
    deliveredAt: instant().nullable(),
    updatedAt: instant(),
  },
});

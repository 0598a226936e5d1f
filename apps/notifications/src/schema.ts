// Everything that notifications shows in the graph.
import type { SubgraphSchema } from '@caregraph/subgraph';
import {
  AppointmentNotifications,
  AppointmentStub,
  loadAppointments,
} from './appointment/appointment.type.js';
import type { Deps } from './deps.js';
import { loadNotifications } from './notification/notification.type.js';
import { NotificationQueries } from './notification/notifications.query.js';
import { ResendNotificationResolver } from './notification/resend-notification.js';

export const schemaParts: SubgraphSchema<Deps> = {
  resolvers: [NotificationQueries, AppointmentNotifications, ResendNotificationResolver],
  entities: { Appointment: loadAppointments, Notification: loadNotifications },
  orphanedTypes: [AppointmentStub],
};

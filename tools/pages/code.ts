// What the pages are made from: the apps' own tables, as the apps run by them.
import 'reflect-metadata';
import { lifecycle as appointmentLifecycle } from '../../apps/booking/src/appointment/lifecycle.js';
import { consumers as bookingConsumers } from '../../apps/booking/src/consumers.js';
import { holdLifecycle } from '../../apps/booking/src/hold/hold.js';
import * as bookingWork from '../../apps/booking/src/work.js';
import { lifecycle as connectionLifecycle } from '../../apps/calendar-sync/src/calendar-connection/lifecycle.js';
import { lifecycle as calendarEventLifecycle } from '../../apps/calendar-sync/src/calendar-event/lifecycle.js';
import { consumers as calendarConsumers } from '../../apps/calendar-sync/src/consumers.js';
import { consumers as gatewayConsumers } from '../../apps/gateway/src/consumers.js';
import { consumers as notificationConsumers } from '../../apps/notifications/src/consumers.js';
import { lifecycle as notificationLifecycle } from '../../apps/notifications/src/notification/lifecycle.js';
import * as notificationWork from '../../apps/notifications/src/work.js';
import { consumers as paymentConsumers } from '../../apps/payments/src/consumers.js';
import { lifecycle as paymentLifecycle } from '../../apps/payments/src/payment/lifecycle.js';
import * as paymentWork from '../../apps/payments/src/work.js';
import { consumers as platformConsumers } from '../../apps/platform/src/consumers.js';
import { lifecycle as membershipLifecycle } from '../../apps/platform/src/membership/lifecycle.js';
import { lifecycle as partnerKeyLifecycle } from '../../apps/platform/src/partner-key/lifecycle.js';
import * as platformWork from '../../apps/platform/src/work.js';
import { consumers as schedulingConsumers } from '../../apps/scheduling/src/consumers.js';
import * as schedulingWork from '../../apps/scheduling/src/work.js';
import type { CronEntry, JobDefinition } from '@caregraph/jobs';

export interface AppWork {
  readonly app: string;
  readonly jobs: readonly JobDefinition[];
  readonly cron: readonly CronEntry[];
}

/** Every app that works in the background by itself. Calendar-sync only follows events. */
export const background: readonly AppWork[] = [
  { app: 'booking', jobs: bookingWork.jobs, cron: bookingWork.cron },
  {
    app: 'notifications',
    jobs: notificationWork.jobs,
    cron: notificationWork.cron,
  },
  { app: 'payments', jobs: paymentWork.jobs, cron: paymentWork.cron },
  { app: 'platform', jobs: platformWork.jobs, cron: platformWork.cron },
  { app: 'scheduling', jobs: schedulingWork.jobs, cron: schedulingWork.cron },
];

/** The types of the events that each app follows. */
export const followed: Readonly<Record<string, readonly string[]>> = {
  booking: bookingConsumers.map(({ type }) => type),
  'calendar-sync': calendarConsumers.map(({ type }) => type),
  gateway: gatewayConsumers.map(({ type }) => type),
  notifications: notificationConsumers.map(({ type }) => type),
  payments: paymentConsumers.map(({ type }) => type),
  platform: platformConsumers.map(({ type }) => type),
  scheduling: schedulingConsumers.map(({ type }) => type),
};

type Lifecycle = Readonly<Record<string, { readonly from: readonly string[]; readonly to: string }>>;

/** Every noun that has a life of its own, with its table. */
export const lifecycles: Readonly<Record<string, { readonly app: string; readonly table: Lifecycle }>> = {
  Appointment: { app: 'booking', table: appointmentLifecycle },
  SlotHold: { app: 'booking', table: holdLifecycle },
  Payment: { app: 'payments', table: paymentLifecycle },
  Notification: { app: 'notifications', table: notificationLifecycle },
  CalendarConnection: { app: 'calendar-sync', table: connectionLifecycle },
  CalendarEvent: { app: 'calendar-sync', table: calendarEventLifecycle },
  Membership: { app: 'platform', table: membershipLifecycle },
  PartnerKey: { app: 'platform', table: partnerKeyLifecycle },
};

// Jobs of notifications. Each decides again from the rows when it runs.
import { z } from 'zod';
import { defineJob } from '@caregraph/jobs';
import { recipients } from './messages.policy.js';

const ofNotification = z.object({ notificationId: z.uuid() });

export const sendNotification = defineJob('send-notification', ofNotification, {
  description: 'Gives one queued message to the vendor, unless it has become untrue.',
});

export const settleNotification = defineJob('settle-notification', ofNotification, {
  description: 'Decides about a call to the vendor whose answer was lost and of which no event told.',
});

export const remind = defineJob(
  'remind',
  z.object({ appointmentId: z.uuid(), recipient: z.enum(recipients), start: z.iso.datetime() }),
  {
    description: 'Queues the reminder of one recipient, if the appointment still stands at that start (I8).',
  },
);

export const sweepQueue = defineJob('sweep-notifications', z.object({}), {
  description:
    'The net behind the exact jobs: queues due reminders and stuck messages, every five minutes (NT-040).',
});

export const retryReminders = defineJob('retry-reminders', z.object({}), {
  description: 'Sends reminders that failed once more, every hour, twice at most (NT-039).',
});

export const forgetVendorEvents = defineJob('forget-vendor-events', z.object({}), {
  description: "Forgets the ids of the vendor's events after 30 days, far longer than it repeats one.",
});

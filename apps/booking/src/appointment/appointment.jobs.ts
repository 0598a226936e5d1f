// Appointments that end by themselves. Each job decides again from the row when it runs.
import { z } from 'zod';
import { defineJob } from '@caregraph/jobs';

const ofAppointment = z.object({ appointmentId: z.uuid() });

export const expireAppointment = defineJob('expire-appointment', ofAppointment, {
  description:
    'Ends a request that nobody answered, or a failed payment that nobody tried again, at its deadline.',
});

export const timeOutPayment = defineJob('time-out-payment', ofAppointment, {
  description: 'Gives up the time of an appointment that was not paid in time (Y-28).',
});

export const doubtCalendar = defineJob('doubt-calendar', ofAppointment, {
  description: 'Makes an instant booking a request when the outside calendar has not answered.',
});

export const warnOfExpiry = defineJob('warn-of-expiry', z.object({}), {
  description: 'Warns providers, once each, of requests that end soon, every half hour (NT-054).',
});

export const sweepAppointments = defineJob('sweep-appointments', z.object({}), {
  description: 'The net behind the exact jobs: ends what is past its deadline, every five minutes (BK-074).',
});

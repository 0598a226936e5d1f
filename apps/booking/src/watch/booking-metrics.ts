// What is counted of bookings (GW-019, GW-028), from the events that were really published: one relay publishes each
// event, whichever replica it lives in, so the sum over the replicas is right.
import type { MikroORM } from '@mikro-orm/postgresql';
import { Counter, Histogram, type Registry } from 'prom-client';
import {
  cancellationCauses,
  expiryCauses,
  type AppointmentState,
  type ClaimsChanged,
  type EventEnvelope,
} from '@caregraph/contracts';

/** From a minute to two days, with the edges that alerts and targets speak of: 4, 6, 8 and 12 hours. */
const responseBuckets = [60, 300, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 28_800, 43_200, 86_400, 172_800];

/** Returns what the relay is to call with each published batch. */
export function countBookings(
  registry: Registry,
  orm: MikroORM,
): (batch: readonly EventEnvelope[]) => Promise<void> {
  const count = bookingCounters(registry);
  const responses = new Histogram({
    name: 'caregraph_booking_response_time_seconds',
    help: 'From asking the provider to the yes or no.',
    buckets: responseBuckets,
    registers: [registry],
  });
  return async (batch) => {
    for (const envelope of batch) count[envelope.type]?.(envelope.data as never);
    const answered = batch.filter(({ type }) => answers.includes(type)).map(({ subject }) => subject);
    for (const seconds of await responseTimes(orm, answered)) responses.observe(seconds);
  };
}

const answers = ['booking.appointment-confirmed.v1', 'booking.appointment-declined.v1'];

type Count = Readonly<Record<string, ((data: never) => void) | undefined>>;

/** By type of event. All series exist from the start: the first increase of one that begins at 1 is not seen. */
function bookingCounters(registry: Registry): Count {
  const counter = (name: string, help: string, label?: string, values: readonly string[] = []): Counter => {
    const made = new Counter({ name, help, labelNames: label ? [label] : [], registers: [registry] });
    for (const value of values) if (label) made.inc({ [label]: value }, 0);
    return made;
  };
  const modes = ['INSTANT', 'REQUEST'];
  const slots = counter('caregraph_booking_slots_reserved_total', 'Times that were held for somebody.');
  const created = counter('caregraph_booking_requests_created_total', 'Appointments booked.', 'mode', modes);
  const confirmed = counter(
    'caregraph_booking_requests_confirmed_total',
    'Appointments confirmed.',
    'mode',
    modes,
  );
  const declined = counter(
    'caregraph_booking_requests_declined_total',
    'Requests that the provider refused.',
  );
  const expired = counter(
    'caregraph_booking_requests_expired_total',
    'Appointments that ended because nobody answered or paid.',
    'cause',
    expiryCauses,
  );
  const cancelled = counter(
    'caregraph_booking_appointments_cancelled_total',
    'Appointments called off.',
    'cause',
    cancellationCauses,
  );
  const rescheduled = counter('caregraph_booking_appointments_rescheduled_total', 'Appointments moved.');
  return {
    'booking.claims-changed.v1': ({ ownerKind, version, claims }: ClaimsChanged) => {
      // A hold's first claim is its reservation; what it gives up later has a higher version.
      if (ownerKind === 'HOLD' && version === 1 && claims.length > 0) slots.inc();
    },
    'booking.appointment-requested.v1': ({ mode }: AppointmentState) => {
      created.inc({ mode });
    },
    'booking.appointment-confirmed.v1': ({ mode }: AppointmentState) => {
      confirmed.inc({ mode });
    },
    'booking.appointment-declined.v1': () => {
      declined.inc();
    },
    'booking.appointment-expired.v1': ({ cause }: { readonly cause: string }) => {
      expired.inc({ cause });
    },
    'booking.appointment-cancelled.v1': ({ cause }: { readonly cause: string }) => {
      cancelled.inc({ cause });
    },
    'booking.appointment-rescheduled.v1': () => {
      rescheduled.inc();
    },
  };
}

/** Of those that the provider answered himself, in seconds. */
async function responseTimes(orm: MikroORM, appointmentIds: readonly string[]): Promise<number[]> {
  if (appointmentIds.length === 0) return [];
  const rows = await orm.em.fork().execute<{ seconds: number }[]>(
    `select extract(epoch from responded_at - confirmation_requested_at)::float8 as seconds from appointment
      where id = any(?::uuid[]) and response_type in ('CONFIRMED', 'DECLINED') and confirmation_requested_at is not null`,
    [`{${appointmentIds.join(',')}}`],
  );
  return rows.map(({ seconds }) => seconds);
}

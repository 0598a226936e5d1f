import { Registry } from 'prom-client';
import { cancelAppointment } from '../appointment/cancel-appointment.js';
import { confirmAppointment } from '../appointment/confirm-appointment.js';
import type { Appointment } from '../appointment/appointment.js';
import { BookingBed } from '../testing/booking-bed.js';
import { exampleOf, people } from '../testing/examples.js';
import { countBookings } from './booking-metrics.js';

describe('what is counted of bookings', () => {
  let bed: BookingBed;
  beforeAll(async () => {
    bed = await BookingBed.open();
  });
  beforeEach(() => bed.fresh());
  afterAll(() => bed.close());

  const hold = (one: Appointment): Promise<void> =>
    bed.deliver(
      exampleOf('payments.payment-held.v1', {
        appointmentId: one.id,
        heldUntil: bed.at(168).toISOString(),
      }),
    );
  /** As the relay would: all that was published, once. */
  const counted = async (): Promise<string> => {
    const registry = new Registry();
    await countBookings(registry, bed.orm)(await bed.published());
    return registry.metrics();
  };

  it('is each request, its reservation, its yes and how long that took (GW-019)', async () => {
    const quick = await bed.booked();
    const slow = await bed.booked({ start: bed.at(50) }, people.sam);
    await hold(quick);
    await hold(slow);
    bed.later(30);
    await confirmAppointment(bed.asProvider(), { appointmentId: quick.id });
    bed.later(5 * 60);
    await confirmAppointment(bed.asProvider(), { appointmentId: slow.id });

    const text = await counted();
    expect(text).toContain('caregraph_booking_slots_reserved_total 2');
    expect(text).toContain('caregraph_booking_requests_created_total{mode="REQUEST"} 2');
    expect(text).toContain('caregraph_booking_requests_confirmed_total{mode="REQUEST"} 2');
    expect(text).toContain(`caregraph_booking_response_time_seconds_sum ${(30 + 330) * 60}`);
    expect(text).toContain('caregraph_booking_response_time_seconds_bucket{le="14400"} 1');
    expect(text).toContain('caregraph_booking_response_time_seconds_count 2');
    expect(text).toContain('caregraph_booking_requests_expired_total{cause="PROVIDER_DID_NOT_ANSWER"} 0');
  });

  it('is no answer of a provider when a booking is instant; a cancellation is counted by its cause', async () => {
    const { id } = await bed.confirmed();
    await cancelAppointment(bed.as(people.pat), { appointmentId: id });
    const text = await counted();
    expect(text).toContain('caregraph_booking_requests_confirmed_total{mode="INSTANT"} 1');
    expect(text).toContain('caregraph_booking_response_time_seconds_count 0');
    expect(text).toContain('caregraph_booking_appointments_cancelled_total{cause="PATIENT"} 1');
    expect(text).toContain('caregraph_booking_appointments_cancelled_total{cause="PROVIDER"} 0');
  });
});

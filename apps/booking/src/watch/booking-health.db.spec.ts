import { Registry } from 'prom-client';
import { systemClock, worstOf, type HealthChecks } from '@caregraph/runtime';
import { sweepAppointments } from '../appointment/appointment.jobs.js';
import { BookingBed } from '../testing/booking-bed.js';
import { exampleOf } from '../testing/examples.js';
import { addRequestGauges, bookingHealth } from './booking-health.js';

const limits = {
  HEALTH_PENDING_LIMIT: 2,
  HEALTH_EXPIRING_LIMIT: 2,
  HEALTH_EXPIRING_HOURS: 4,
  HEALTH_EXPIRATION_JOB_MINUTES: 10,
};

describe("booking's health", () => {
  let bed: BookingBed;
  beforeAll(async () => {
    bed = await BookingBed.open();
  });
  beforeEach(async () => {
    await bed.fresh();
    await bed.em().execute(`update appointment set status = 'EXPIRED' where status = 'PENDING_CONFIRMATION'`);
  });
  afterAll(() => bed.close());

  /** A request that its provider has 24 hours to answer. */
  const request = async (hours: number): Promise<void> => {
    const { id } = await bed.booked({ start: bed.at(hours) });
    const heldUntil = bed.at(168).toISOString();
    await bed.deliver(exampleOf('payments.payment-held.v1', { appointmentId: id, heldUntil }));
  };
  const watched = () => ({ orm: bed.orm, clock: { ...systemClock, now: () => bed.now }, limits });
  const health = (secondsSinceSuccess = 0): Promise<HealthChecks> => {
    const run = { job: sweepAppointments.name, lastSuccess: bed.now, secondsSinceSuccess };
    return bookingHealth({ ...watched(), jobs: { cronRuns: () => Promise.resolve([run]) } })();
  };

  it('is degraded from the limit of requests that wait, and not before (GW-027)', async () => {
    await request(72);
    expect(await health()).toMatchObject({ pendingRequests: { status: 'healthy', value: 1, limit: 2 } });
    await request(74);
    expect(await health()).toMatchObject({ pendingRequests: { status: 'degraded', value: 2 } });
  });

  it('is degraded from the limit of requests that end within four hours, those overdue among them (GW-027)', async () => {
    await request(72);
    await request(74);
    bed.later(20 * 60 - 1);
    expect(await health()).toMatchObject({ expiringRequests: { status: 'healthy', value: 0 } });
    bed.later(1);
    expect(await health()).toMatchObject({ expiringRequests: { status: 'degraded', value: 2, limit: 2 } });
    bed.later(5 * 60);
    expect(await health()).toMatchObject({ expiringRequests: { value: 2 } });
  });

  it('is unhealthy ten minutes after the last success of the job that ends requests, or if it is unknown (GW-027)', async () => {
    expect(worstOf(await health(599))).toBe('healthy');
    expect(worstOf(await health(600))).toBe('unhealthy');
    const unknown = bookingHealth({ ...watched(), jobs: { cronRuns: () => Promise.resolve([]) } });
    expect(worstOf(await unknown())).toBe('unhealthy');
  });

  it('is told to Prometheus from the database, whichever replica is asked', async () => {
    await request(72);
    const registries = [new Registry(), new Registry()];
    for (const registry of registries) {
      addRequestGauges(registry, watched());
      const text = await registry.metrics();
      expect(text).toMatch(/^caregraph_booking_requests_pending 1$/m);
      expect(text).toMatch(/^caregraph_booking_requests_expiring 0$/m);
    }
  });
});

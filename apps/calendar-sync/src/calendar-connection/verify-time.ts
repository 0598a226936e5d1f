// Booking asks whether the provider's outside calendar is free at a time. What cannot be believed is answered at once, so
// that the booking need not wait out its ten seconds (Y-32).
import { LockMode } from '@mikro-orm/postgresql';
import { appointmentTimeUnverifiable, type AppointmentState } from '@caregraph/contracts';
import { publish } from '@caregraph/messaging';
import type { Deps } from '../deps.js';
import { lockedConnection } from './calendar-connection.entity.js';

export async function verifyTime({ em, now }: Deps, asked: AppointmentState): Promise<void> {
  const connection = await lockedConnection(em, asked.providerId, LockMode.PESSIMISTIC_WRITE);
  const stale = connection?.goStale(now);
  // Told before the answer: the next booking is a request from the start.
  if (stale) publish(em, stale, now);
  const answer = appointmentTimeUnverifiable.of({
    appointmentId: asked.appointmentId,
    practiceId: asked.practiceId,
    providerId: asked.providerId,
    version: asked.version,
    checkedAt: now.toISOString(),
    reason: connection?.doubt ?? 'NOT_CONNECTED',
  });
  publish(em, answer, now);
}

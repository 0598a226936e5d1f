// The first entries of an appointment's trail. The hold becomes SLOT_RESERVED and moves on in the same transaction
// (Y-30); where nothing is due it does not wait for a payment either (Y-31).
import { appointmentRequested } from '@caregraph/contracts';
import { appendAudit, record } from '../audit/record.js';
import { KnownCalendar } from '../catalogue/known.js';
import type { Deps } from '../deps.js';
import type { Appointment } from './appointment.js';
import { awaitCalendar } from './await-calendar.js';
import { paymentDeadline } from './deadline.policy.js';
import { actorOn } from './visibility.js';

export async function recordRequested(
  deps: Deps,
  appointment: Appointment,
  paymentMethodId: string | null,
): Promise<void> {
  const { now, em } = deps;
  const actor = actorOn(deps.viewer, appointment);
  appendAudit(deps, appointment, appointment.state(actor, now), { type: 'slot_reserved' });

  if (!appointment.nothingDue) {
    appointment.paymentDeadlineAt = paymentDeadline(
      now,
      appointment.start,
      appointment.paymentTimeoutMinutes,
    );
  }
  appointment.move('book', now);
  const event = appointmentRequested.of({
    ...appointment.state(actor, now),
    paymentMethodId: appointment.nothingDue ? null : paymentMethodId,
    paymentDeadlineAt: appointment.paymentDeadlineAt?.toISOString() ?? null,
  });
  record(deps, appointment, event, { previousStatus: 'SLOT_RESERVED' });
  if (!appointment.nothingDue) return;

  const calendar = await em.findOne(KnownCalendar, { id: appointment.providerId });
  const next = appointment.proceed(calendar?.state === 'CONNECTED', actor, now);
  record(deps, appointment, next, { previousStatus: 'PENDING_PAYMENT' });
  await awaitCalendar(deps, appointment);
}

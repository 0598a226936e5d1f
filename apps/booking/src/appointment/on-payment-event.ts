// What payments says of an appointment's money: the saga goes on, the trail gets an entry, watchers see it.
import {
  paymentActionRequired,
  paymentCaptured,
  paymentCaptureFailed,
  paymentFailed,
  paymentHeld,
  paymentHoldLapsed,
  paymentRefunded,
  paymentRefundFailed,
  paymentVoided,
  type EventDefinition,
  type PaymentState,
} from '@caregraph/contracts';
import { consumer } from '@caregraph/messaging';
import type { AuditType } from '../audit/audit-entry.js';
import { record, type AppointmentEvent } from '../audit/record.js';
import { KnownCalendar } from '../catalogue/known.js';
import type { Deps } from '../deps.js';
import { system } from './actor.js';
import { freeTime, planEnd } from './appointment-time.js';
import type { Appointment } from './appointment.js';
import { awaitCalendar } from './await-calendar.js';
import { locked } from './note-appointment.js';

export const onPaymentHeld = consumer(paymentHeld, async (deps: Deps, payment) => {
  const appointment = await ofThisAttempt(deps, payment);
  if (!appointment) return;
  const calendar = await deps.em.findOne(KnownCalendar, { id: appointment.providerId });
  const connected = calendar?.state === 'CONNECTED';
  const outcome = appointment.holdPayment(new Date(payment.heldUntil), connected, system, deps.now);
  if (!outcome) return;
  record(deps, appointment, outcome, {
    type: 'payment_held',
    data: { paymentId: payment.paymentId, ...payment.amount },
  });
  await planEnd(deps, appointment);
  await awaitCalendar(deps, appointment);
});

export const onPaymentFailed = consumer(paymentFailed, async (deps: Deps, payment) => {
  const appointment = await ofThisAttempt(deps, payment);
  const outcome = appointment?.failPayment(system, deps.now);
  if (!appointment || !outcome) return;
  await freeTime(deps, appointment);
  record(deps, appointment, outcome, {
    data: { paymentId: payment.paymentId, retryable: payment.retryable },
  });
  await planEnd(deps, appointment);
});

/** Late news of a card that was given up says nothing about the one tried now. */
async function ofThisAttempt(
  deps: Deps,
  { appointmentId, attempt }: PaymentState,
): Promise<Appointment | undefined> {
  const appointment = await locked(deps, appointmentId);
  return appointment?.paymentAttempts === attempt ? appointment : undefined;
}

/** What these change is heard by who watches the appointment; each goes into the trail (BK-103). */
export const onPaymentNoted = [
  noted(paymentActionRequired, 'payment_action_required', (appointment, now) =>
    appointment.note(system, now),
  ),
  noted(paymentCaptured, 'payment_captured', (appointment, now) => appointment.settlePayment(system, now)),
  noted(paymentCaptureFailed, 'payment_failed', (appointment, now) => appointment.failCapture(system, now)),
  noted(paymentVoided, 'payment_voided', (appointment, now) => appointment.loseHold(system, now)),
  noted(paymentHoldLapsed, 'payment_voided', (appointment, now) => appointment.loseHold(system, now)),
  noted(paymentRefunded, 'payment_refunded', (appointment, now) => appointment.note(system, now)),
  noted(paymentRefundFailed, 'payment_failed', (appointment, now) => appointment.note(system, now)),
];

function noted<Type extends string, Data extends PaymentState>(
  definition: EventDefinition<Type, Data>,
  type: AuditType,
  change: (appointment: Appointment, now: Date) => AppointmentEvent,
) {
  return consumer(definition, async (deps: Deps, payment) => {
    const appointment = await ofThisAttempt(deps, payment);
    if (!appointment) return;
    const { paymentId, capturedAmountMinor, refundedAmountMinor } = payment;
    const data = { paymentId, capturedAmountMinor, refundedAmountMinor };
    record(deps, appointment, change(appointment, deps.now), { type, data });
    await planEnd(deps, appointment);
  });
}

// Booking's door: every event of an appointment says who may see it, and may change its calendar event.
import {
  appointmentAwaitingProvider,
  appointmentCancelled,
  appointmentConfirmed,
  appointmentDeclined,
  appointmentExpired,
  appointmentPaymentFailed,
  appointmentPaymentRequested,
  appointmentRequested,
  appointmentRescheduled,
  appointmentUpdated,
  appointmentVerificationRequested,
  type AppointmentState,
  type EventDefinition,
} from '@caregraph/contracts';
import { consumer, type Consumer } from '@caregraph/messaging';
import { keepAccess } from '../access/appointment-access.js';
import { verifyTime } from '../calendar-connection/verify-time.js';
import type { Deps } from '../deps.js';
import { keepInStep } from './keep-in-step.js';

export const onAppointmentChanged: readonly Consumer<Deps>[] = [
  follow(appointmentRequested, keepInStep),
  follow(appointmentPaymentRequested, keepInStep),
  follow(appointmentVerificationRequested, verifyTime),
  follow(appointmentAwaitingProvider, keepInStep),
  follow(appointmentConfirmed, keepInStep),
  follow(appointmentDeclined, keepInStep),
  follow(appointmentExpired, keepInStep),
  follow(appointmentCancelled, keepInStep),
  follow(appointmentPaymentFailed, keepInStep),
  follow(appointmentRescheduled, keepInStep),
  follow(appointmentUpdated, keepInStep),
];

/** An event that is no newer than what was heard already does nothing at all. */
function follow<Type extends string, Data extends AppointmentState>(
  definition: EventDefinition<Type, Data>,
  act: (deps: Deps, appointment: AppointmentState) => Promise<void>,
): Consumer<Deps> {
  return consumer(definition, async (deps: Deps, appointment) => {
    if (await keepAccess(deps.em, appointment)) await act(deps, appointment);
  });
}

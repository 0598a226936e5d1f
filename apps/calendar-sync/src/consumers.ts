// What calendar-sync does about the events of others.
import type { Consumer } from '@caregraph/messaging';
import { onPatientErased } from './access/on-patient-erased.js';
import { onProviderChanged } from './calendar-connection/on-provider-changed.js';
import { onAppointmentChanged } from './calendar-event/on-appointment-changed.js';
import type { Deps } from './deps.js';

export const consumers: readonly Consumer<Deps>[] = [
  onProviderChanged,
  onPatientErased,
  ...onAppointmentChanged,
];

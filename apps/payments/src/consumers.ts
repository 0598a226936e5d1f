// All events that payments listens to.
import type { Consumer } from '@caregraph/messaging';
import { onAppointmentChanged } from './access/on-appointment-changed.js';
import { onPatientErased } from './access/on-patient-erased.js';
import { onPracticeChanged } from './catalogue/known-practice.js';
import type { Deps } from './deps.js';
import { onFeatureFlagChanged } from './payment/captures-disabled.js';
import { onAppointmentConfirmed } from './payment/on-appointment-confirmed.js';
import {
  onAppointmentCancelled,
  onAppointmentDeclined,
  onAppointmentExpired,
  onAppointmentPaymentFailed,
} from './payment/on-appointment-over.js';
import { onAppointmentPaymentRequested } from './payment/on-appointment-payment-requested.js';
import { onAppointmentRequested } from './payment/on-appointment-requested.js';

export const consumers: readonly Consumer<Deps>[] = [
  onPracticeChanged,
  onPatientErased,
  onFeatureFlagChanged,
  onAppointmentRequested,
  onAppointmentPaymentRequested,
  onAppointmentConfirmed,
  onAppointmentDeclined,
  onAppointmentExpired,
  onAppointmentCancelled,
  onAppointmentPaymentFailed,
  ...onAppointmentChanged,
];

// What notifications does about the events of others.
import type { Consumer } from '@caregraph/messaging';
import {
  onLocationChanged,
  onPatientChanged,
  onPatientErased,
  onPracticeChanged,
  onProviderChanged,
} from './copies/on-catalogue-changed.js';
import type { Deps } from './deps.js';
import { onAppointmentChanged } from './notification/on-appointment-changed.js';
import {
  onPaymentCaptured,
  onPaymentCaptureFailed,
  onPaymentRestated,
} from './notification/on-payment-changed.js';

export const consumers: readonly Consumer<Deps>[] = [
  onPracticeChanged,
  onLocationChanged,
  onProviderChanged,
  onPatientChanged,
  onPatientErased,
  ...onAppointmentChanged,
  onPaymentCaptured,
  onPaymentCaptureFailed,
  onPaymentRestated,
];

// What booking does about the events of others.
import { onFeatureFlagChanged, type Consumer } from '@caregraph/messaging';
import { onTimeConflicted, onTimeUnverifiable, onTimeVerified } from './appointment/on-calendar-answer.js';
import { onCalendarEvent, onNotification } from './appointment/on-message-event.js';
import { onPaymentFailed, onPaymentHeld, onPaymentNoted } from './appointment/on-payment-event.js';
import {
  onAppointmentTypeChanged,
  onConnectionChanged,
  onPracticeChanged,
  onProviderChanged,
} from './catalogue/on-catalogue-changed.js';
import type { Deps } from './deps.js';

export const consumers: readonly Consumer<Deps>[] = [
  onPracticeChanged,
  onProviderChanged,
  onAppointmentTypeChanged,
  onConnectionChanged,
  onFeatureFlagChanged,
  onPaymentHeld,
  onPaymentFailed,
  ...onPaymentNoted,
  onTimeVerified,
  onTimeUnverifiable,
  onTimeConflicted,
  ...onCalendarEvent,
  ...onNotification,
];

// Events that move no money, and still say who may see the appointment's.
import {
  appointmentAwaitingProvider,
  appointmentRescheduled,
  appointmentUpdated,
  appointmentVerificationRequested,
} from '@caregraph/contracts';
import { consumer } from '@caregraph/messaging';
import type { Deps } from '../deps.js';
import { keepAccess } from './appointment-access.js';

const keep = ({ em }: Deps, state: Parameters<typeof keepAccess>[1]): Promise<void> => keepAccess(em, state);

export const onAppointmentChanged = [
  consumer(appointmentVerificationRequested, keep),
  consumer(appointmentAwaitingProvider, keep),
  consumer(appointmentRescheduled, keep),
  consumer(appointmentUpdated, keep),
];

// Whether an appointment still needs its patient.
import type { AppointmentStatus } from '@caregraph/contracts';

const open: readonly AppointmentStatus[] = [
  'SLOT_RESERVED',
  'PENDING_PAYMENT',
  'PENDING_CONFIRMATION',
  'RESCHEDULE_PROPOSED',
  'RESCHEDULE_PENDING',
  'CHECKED_IN',
  'IN_PROGRESS',
  // Another card may still be tried; it expires a day after the failure.
  'PAYMENT_FAILED',
];

/** While it is on, or may be again. One that was confirmed is over at its end. */
export const keepsPatient = (
  { status, end }: { readonly status: AppointmentStatus; readonly end: Date },
  now: Date,
): boolean => open.includes(status) || (status === 'CONFIRMED' && now < end);

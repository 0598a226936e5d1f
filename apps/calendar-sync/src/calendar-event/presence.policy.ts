// What an appointment's status asks of the provider's outside calendar (I9).
import type { AppointmentStatus } from '@caregraph/contracts';

/** UNCHANGED: what stands there stays, and what does not stand there is not put there. */
export type Presence = 'PRESENT' | 'ABSENT' | 'UNCHANGED';

export const presenceOf: Readonly<Record<AppointmentStatus, Presence>> = {
  SLOT_RESERVED: 'UNCHANGED',
  PENDING_PAYMENT: 'UNCHANGED',
  PENDING_CONFIRMATION: 'UNCHANGED',
  // Until another time is agreed upon, the old one is kept.
  RESCHEDULE_PROPOSED: 'UNCHANGED',
  RESCHEDULE_PENDING: 'UNCHANGED',
  CONFIRMED: 'PRESENT',
  // What took place, or was missed, remains in the calendar as it was.
  CHECKED_IN: 'UNCHANGED',
  IN_PROGRESS: 'UNCHANGED',
  COMPLETED: 'UNCHANGED',
  NO_SHOW: 'UNCHANGED',
  CANCELLED_PATIENT: 'ABSENT',
  CANCELLED_PROVIDER: 'ABSENT',
  CANCELLED_ADMIN: 'ABSENT',
  EXPIRED: 'ABSENT',
  PAYMENT_FAILED: 'ABSENT',
};

// The whole lifecycle of an appointment, as a table. The README's diagram is printed from it.
import type { AppointmentStatus } from '@caregraph/contracts';

interface Transition {
  readonly from: readonly AppointmentStatus[];
  readonly to: AppointmentStatus;
}

const admissible = ['PENDING_PAYMENT', 'PENDING_CONFIRMATION', 'CONFIRMED', 'PAYMENT_FAILED'] as const;

/** A verb that is not listed for a status is refused. */
export const lifecycle = {
  book: { from: ['SLOT_RESERVED'], to: 'PENDING_PAYMENT' },
  awaitProvider: { from: ['PENDING_PAYMENT'], to: 'PENDING_CONFIRMATION' },
  confirm: { from: ['PENDING_PAYMENT', 'PENDING_CONFIRMATION'], to: 'CONFIRMED' },
  decline: { from: ['PENDING_CONFIRMATION'], to: 'CANCELLED_PROVIDER' },
  conflict: { from: ['PENDING_PAYMENT'], to: 'CANCELLED_PROVIDER' },
  failPayment: { from: ['PENDING_PAYMENT'], to: 'PAYMENT_FAILED' },
  retryPayment: { from: ['PAYMENT_FAILED'], to: 'PENDING_PAYMENT' },
  reschedule: { from: ['CONFIRMED'], to: 'CONFIRMED' },
  cancelByPatient: { from: admissible, to: 'CANCELLED_PATIENT' },
  cancelByProvider: {
    from: ['PENDING_PAYMENT', 'PENDING_CONFIRMATION', 'CONFIRMED'],
    to: 'CANCELLED_PROVIDER',
  },
  cancelByAdmin: { from: admissible, to: 'CANCELLED_ADMIN' },
  expire: { from: ['PENDING_CONFIRMATION', 'PAYMENT_FAILED'], to: 'EXPIRED' },
} as const satisfies Record<string, Transition>;

export type Verb = keyof typeof lifecycle;

export const may = (verb: Verb, status: AppointmentStatus): boolean =>
  (lifecycle[verb].from as readonly AppointmentStatus[]).includes(status);

/** Statuses in which the appointment occupies its time. */
export const occupying: readonly AppointmentStatus[] = [
  'PENDING_PAYMENT',
  'PENDING_CONFIRMATION',
  'CONFIRMED',
];

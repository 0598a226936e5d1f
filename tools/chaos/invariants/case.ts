// For the specs of the invariants: a small world in which all of them hold, to break one thing of it at a time.
import type { Evidence } from '../evidence.js';
import type { Line } from '../history.js';
import { demoId, demoPractices } from '../../demo/ids.js';
import { patientIdOf } from '../people.js';

export const id = {
  confirmed: '00000000-0000-4000-8000-000000000001',
  cancelled: '00000000-0000-4000-8000-000000000002',
  hold: '00000000-0000-4000-8000-000000000003',
} as const;

export const at = (hours: number): Date => new Date(Date.UTC(2027, 0, 11, 12) + hours * 3_600_000);

const parties = {
  practiceId: demoPractices.riverside,
  providerId: demoId('provider', 'provider'),
  patientId: patientIdOf('patient'),
};

const appointment = {
  ...parties,
  mode: 'INSTANT',
  resourceIds: [],
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 15,
  priceAmountMinor: 12_000,
  nothingDue: false,
  paymentDueAt: null,
};

const trailOf = (appointmentId: string, statuses: readonly string[]): Evidence['audit'] =>
  statuses.map((newStatus, index) => ({
    appointmentId,
    seq: index + 1,
    type: index === 0 ? 'slot_reserved' : 'status_changed',
    previousStatus: statuses[index - 1] ?? null,
    newStatus,
    version: index + 1,
    data: {},
    at: at(-48 + index),
  }));

const eventsOf = (appointmentId: string, start: Date, statuses: readonly string[]): Evidence['events'] =>
  statuses.slice(1).map((status, index) => ({
    id: `${appointmentId} ${index}`,
    appointmentId,
    type: `booking.appointment-${status.toLowerCase()}.v1`,
    version: index + 2,
    start,
    status,
  }));

const booked = ['SLOT_RESERVED', 'PENDING_PAYMENT', 'CONFIRMED'];
const calledOff = [...booked, 'CANCELLED_PATIENT'];

/** One that stands and is paid, and one that was called off with half of the price back. */
export const sound: Evidence = {
  now: at(0),
  appointments: [
    {
      ...appointment,
      id: id.confirmed,
      status: 'CONFIRMED',
      version: 3,
      start: at(2),
      end: at(3),
      refundBasisPoints: null,
    },
    {
      ...appointment,
      id: id.cancelled,
      status: 'CANCELLED_PATIENT',
      version: 4,
      start: at(2.5),
      end: at(3.5),
      refundBasisPoints: 5_000,
    },
  ],
  claims: [
    { ownerId: id.confirmed, kind: 'appointment', subjectId: parties.providerId, from: at(2), to: at(3.25) },
  ],
  holds: [
    {
      id: id.hold,
      providerId: parties.providerId,
      resourceIds: [],
      start: at(2),
      end: at(3),
      status: 'CONVERTED',
      expiresAt: at(-47),
      endedAt: at(-48),
      appointmentId: id.confirmed,
    },
  ],
  audit: [...trailOf(id.confirmed, booked), ...trailOf(id.cancelled, calledOff)],
  events: [...eventsOf(id.confirmed, at(2), booked), ...eventsOf(id.cancelled, at(2.5), calledOff)],
  payments: [
    { ...paymentOf('p1', id.confirmed), status: 'CAPTURED', capturedAmountMinor: 12_000 },
    {
      ...paymentOf('p2', id.cancelled),
      status: 'PARTIALLY_REFUNDED',
      capturedAmountMinor: 12_000,
      refundedAmountMinor: 6_000,
    },
  ],
  refunds: [{ id: 'r1', paymentId: 'p2', cause: 'cancellation', amountMinor: 6_000, status: 'SUCCEEDED' }],
  notifications: [
    told('n1', id.confirmed, 'appointment-confirmed', 'PATIENT'),
    told('n2', id.confirmed, 'appointment-confirmed', 'PROVIDER'),
    { ...told('n3', id.confirmed, 'appointment-reminder-24h', 'PATIENT'), occurrence: at(2).toISOString() },
  ],
  calendarEvents: [{ appointmentId: id.confirmed, providerId: parties.providerId, state: 'NOT_APPLICABLE' }],
  connected: [],
  paymentIntents: [
    orderOf('pi_1', id.confirmed, { capturedMinor: 12_000, refundedMinor: 0 }),
    orderOf('pi_2', id.cancelled, { capturedMinor: 12_000, refundedMinor: 6_000 }),
  ],
  processorRefunds: [
    {
      id: 're_1',
      paymentIntent: 'pi_2',
      amountMinor: 6_000,
      status: 'succeeded',
      metadata: { refundId: 'r1' },
    },
  ],
  mails: ['n1', 'n2', 'n3'].map((notification) => ({
    to: 'somebody@example.com',
    subject: 'Your visit',
    sentAt: at(-22).toISOString(),
    customArgs: { notification_id: notification },
  })),
  leftUndone: [],
};

/** Booked with a key, seen by its patient, and watched until it was confirmed. */
export const quietHistory: readonly Line[] = [
  { ...tryOf(1), act: 'bookAppointment', key: 'k1', id: id.confirmed, status: 'PENDING_PAYMENT' },
  { ...tryOf(2), act: 'cancelAppointment', key: 'k2', id: id.cancelled, status: 'CANCELLED_PATIENT' },
  {
    ...tryOf(3),
    answer: `{"id":"${id.confirmed}","patientNotes":"canary-1/${parties.practiceId}/${parties.patientId}/${parties.providerId}/end"}`,
  },
  watchedOf(2, 'PENDING_PAYMENT'),
  watchedOf(3, 'CONFIRMED'),
];

export function tryOf(request: number) {
  return {
    kind: 'try' as const,
    request,
    login: 'patient' as string | null,
    act: 'appointment',
    key: null as string | null,
    sentAt: request * 100,
    heardAt: request * 100 + 50,
    outcome: 'accepted' as 'accepted' | 'refused' | 'wrong' | 'lost',
  };
}

export function watchedOf(version: number, status: string): Extract<Line, { kind: 'watched' }> {
  return {
    kind: 'watched',
    subscription: 9,
    login: 'patient',
    at: version * 100,
    appointmentId: id.confirmed,
    version,
    status,
    reason: 'CHANGED',
    answer: '{}',
  };
}

function paymentOf(paymentId: string, appointmentId: string): Evidence['payments'][number] {
  return {
    id: paymentId,
    appointmentId,
    status: 'PENDING',
    amountMinor: 12_000,
    currency: 'USD',
    capturedAmountMinor: 0,
    refundedAmountMinor: 0,
    refundPendingMinor: 0,
  };
}

function orderOf(
  order: string,
  bookingId: string,
  amounts: { readonly capturedMinor: number; readonly refundedMinor: number },
): Evidence['paymentIntents'][number] {
  return {
    id: order,
    status: 'succeeded',
    heldMinor: 0,
    currency: 'usd',
    metadata: { bookingId },
    ...amounts,
  };
}

function told(
  notification: string,
  appointmentId: string,
  cause: string,
  recipient: string,
): Evidence['notifications'][number] {
  return {
    id: notification,
    appointmentId,
    cause,
    occurrence: 'once',
    channel: 'EMAIL',
    recipient,
    status: 'DELIVERED',
  };
}

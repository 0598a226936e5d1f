// Reviewed: which mutation is for whom (GW-031), and how it would be asked for. `roles.e2e.spec.ts` holds the composed
// graph against it: a mutation that is missing here fails the spec.
import { randomUUID } from 'node:crypto';
import { people, type OwnPractice, type Person } from '../support/own-practice.js';
import type { Held } from '../support/story.js';

/** What there is to be tried on, each thing for one mutation alone. */
export interface Things {
  readonly own: OwnPractice;
  /** Confirmed, paid, and the patient was told. */
  readonly visit: { readonly id: string; readonly paymentId: string; readonly notificationId: string };
  readonly toConfirm: string;
  readonly toDecline: string;
  readonly toCancel: string;
  /** Held by somebody not logged in. */
  readonly held: Held;
  /** Held by the patient. */
  readonly patientsHold: string;
  readonly freeOffer: string;
  readonly laterOffer: string;
  /** A patient whom the desk has registered, without a visit. */
  readonly leaver: string;
  readonly membershipId: string;
  readonly partnerKeyId: string;
}

export interface Rule {
  /** Who may; the first of them is the one whose business it is. */
  readonly may: readonly Person[];
  /** The typed refusal by which it hides from others that there is such a thing. */
  readonly hidden?: string;
  /** Even who may is refused here, as nothing is in the state for it. */
  readonly always?: string;
  readonly input: (things: Things) => object;
}

const loggedIn = people.filter((person) => person !== 'nobody');
const admins = ['admin', 'support'] as const;
const desk = ['admin', 'staff', 'support'] as const;
const appointment = { hidden: 'APPOINTMENT_NOT_FOUND' };
/** Set to what it is by default, so that nothing comes of it in other stories. */
const flag = { key: 'booking.request_mode_percentage' };

export const matrix: Readonly<Record<string, Rule>> = {
  // Appointments.
  holdSlot: {
    may: ['nobody', ...loggedIn.filter((person) => person !== 'partner')],
    input: ({ freeOffer }) => ({ offer: freeOffer }),
  },
  releaseHold: {
    may: ['patient'],
    hidden: 'SLOT_HOLD_NOT_FOUND',
    input: ({ patientsHold }) => ({ holdId: patientsHold }),
  },
  bookAppointment: {
    may: ['patient', ...desk],
    hidden: 'PATIENT_NOT_FOUND',
    input: ({ held, own }) => ({ ...held, patientId: own.patientId, paymentMethodId: 'pm_card_visa' }),
  },
  confirmAppointment: {
    ...appointment,
    may: ['provider', ...desk],
    input: ({ toConfirm }) => ({ appointmentId: toConfirm }),
  },
  declineAppointment: {
    ...appointment,
    may: ['provider', ...desk],
    input: ({ toDecline }) => ({ appointmentId: toDecline }),
  },
  rescheduleAppointment: {
    ...appointment,
    may: ['patient'],
    input: ({ visit, laterOffer }) => ({ appointmentId: visit.id, offer: laterOffer }),
  },
  cancelAppointment: {
    ...appointment,
    may: ['patient', 'provider', ...desk],
    input: ({ toCancel }) => ({ appointmentId: toCancel }),
  },
  retryAppointmentPayment: {
    ...appointment,
    may: ['patient', 'provider', ...desk],
    always: 'PAYMENT_NOT_RETRYABLE',
    input: ({ visit }) => ({ appointmentId: visit.id, paymentMethodId: 'pm_card_visa' }),
  },
  // Patients.
  registerPatient: {
    may: loggedIn.filter((person) => person !== 'partner'),
    input: ({ own }) => own.registration(),
  },
  updatePatientContact: {
    may: ['patient', ...desk],
    hidden: 'PATIENT_NOT_FOUND',
    input: ({ own }) => ({ patientId: own.patientId, lastName: 'Dale' }),
  },
  erasePatient: {
    may: ['admin'],
    hidden: 'PATIENT_NOT_FOUND',
    input: ({ leaver }) => ({ patientId: leaver }),
  },
  // Money and messages.
  refundPayment: {
    may: ['admin', 'staff'],
    hidden: 'PAYMENT_NOT_FOUND',
    input: ({ visit }) => ({ paymentId: visit.paymentId, amountMinor: 5_000, reason: 'Goodwill.' }),
  },
  resendNotification: {
    may: ['provider', 'patient', ...desk],
    hidden: 'NOTIFICATION_NOT_FOUND',
    input: ({ visit }) => ({ notificationId: visit.notificationId }),
  },
  disconnectCalendar: {
    may: ['provider', ...desk],
    hidden: 'CALENDAR_CONNECTION_NOT_FOUND',
    always: 'CALENDAR_NOT_CONNECTED',
    input: ({ own }) => ({ providerId: own.providerId }),
  },
  // The practice: providers, what they offer, and when.
  createPractice: {
    may: ['support'],
    input: () => ({ name: 'Another Clinic', timeZone: 'America/New_York', currency: 'USD' }),
  },
  updateBookingSettings: {
    may: admins,
    input: ({ own }) => ({ practiceId: own.id, settings: { maximumAdvanceDays: 90 } }),
  },
  updatePracticeContact: {
    may: admins,
    input: ({ own }) => ({ practiceId: own.id, email: 'desk@example.test' }),
  },
  createLocation: { may: admins, input: ({ own }) => ({ practiceId: own.id, name: 'Annex' }) },
  createResource: {
    may: admins,
    input: ({ own }) => ({ locationId: own.locationId, name: 'Room 1', kind: 'ROOM' }),
  },
  createProvider: { may: admins, input: ({ own }) => ({ practiceId: own.id, name: 'Dr. New' }) },
  updateProvider: {
    may: admins,
    input: ({ own }) => ({ providerId: own.colleagueId, specialties: ['Sleep'] }),
  },
  overrideBookingSettings: {
    may: admins,
    input: ({ own }) => ({ providerId: own.colleagueId, settings: { bufferMinutes: 20 } }),
  },
  createAppointmentType: {
    may: admins,
    input: ({ own }) => ({
      practiceId: own.id,
      name: `Type ${randomUUID()}`,
      durationMinutes: 30,
      priceAmountMinor: 5_000,
    }),
  },
  updateAppointmentType: {
    may: admins,
    input: ({ own }) => ({ appointmentTypeId: own.typeId, description: 'As ever.' }),
  },
  setWeeklyHours: {
    may: admins,
    input: ({ own }) => ({ providerId: own.providerId, blocks: own.allWeek() }),
  },
  overrideDay: {
    may: admins,
    input: ({ own }) => ({ providerId: own.providerId, date: '2027-06-01', blocks: [] }),
  },
  // Who may do what.
  grantMembership: { may: admins, input: ({ own }) => own.membership(`new-${randomUUID()}`, 'STAFF') },
  endMembership: {
    may: admins,
    hidden: 'MEMBERSHIP_NOT_FOUND',
    input: ({ membershipId }) => ({ membershipId }),
  },
  createPartnerKey: {
    may: admins,
    input: ({ own }) => ({ practiceId: own.id, name: 'Partner', scopes: ['appointments:read'] }),
  },
  revokePartnerKey: {
    may: admins,
    hidden: 'PARTNER_KEY_NOT_FOUND',
    input: ({ partnerKeyId }) => ({ partnerKeyId }),
  },
  endMySession: { may: loggedIn, input: () => ({}) },
  revokeSessions: { may: ['support'], input: () => ({ account: `gone-${randomUUID()}` }) },
  eraseAccount: {
    may: ['support'],
    always: 'ACCOUNT_NOT_KNOWN',
    input: () => ({ account: `gone-${randomUUID()}` }),
  },
  // The platform’s own switches.
  setFeatureFlag: { may: ['support'], input: () => ({ ...flag, percentage: 100 }) },
  resetFeatureFlag: { may: ['support'], input: () => flag },
  setFeatureFlagForProvider: {
    may: ['support'],
    input: ({ own }) => ({ key: 'booking.request_mode_enabled', providerId: own.colleagueId, on: true }),
  },
};

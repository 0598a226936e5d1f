// What notifications knows of the others' nouns: small copies, kept by their events. Contact details stay sealed.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { appointmentStatuses } from '@caregraph/contracts';

const instant = () => p.datetime().columnType('timestamptz');

const KnownAppointmentSchema = defineEntity({
  name: 'KnownAppointment',
  tableName: 'known_appointment',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer(),
    bookingNumber: p.string(),
    status: p.enum(appointmentStatuses),
    mode: p.enum(['INSTANT', 'REQUEST'] as const),
    providerId: p.uuid(),
    patientId: p.uuid(),
    locationId: p.uuid(),
    start: instant().fieldName('start_at'),
    end: instant().fieldName('end_at'),
    /** No card is involved: nothing to wait for, to release or to refund. */
    nothingDue: p.boolean(),
    confirmationDeadlineAt: instant().nullable(),
    /** The share that goes back; null while it stands. */
    refundBasisPoints: p.integer().nullable(),
    /** The start for which reminders are planned; null: none are. */
    remindersFor: instant().nullable(),
  },
});
export class KnownAppointment extends KnownAppointmentSchema.class {}
KnownAppointmentSchema.setClass(KnownAppointment);

const AppointmentAccessSchema = defineEntity({
  name: 'AppointmentAccess',
  tableName: 'appointment_access',
  properties: {
    /** The appointment's id. */
    id: p.uuid().fieldName('appointment_id').primary(),
    practiceId: p.uuid(),
    providerId: p.uuid(),
    providerAccount: p.string().nullable(),
    patientId: p.uuid(),
    /** Logins that act for the patient. */
    accounts: p.array(),
  },
});
export class AppointmentAccess extends AppointmentAccessSchema.class {}
AppointmentAccessSchema.setClass(AppointmentAccess);

const KnownPaymentSchema = defineEntity({
  name: 'KnownPayment',
  tableName: 'known_payment',
  properties: {
    /** The appointment's id. */
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer(),
    captured: p.boolean(),
  },
});
export class KnownPayment extends KnownPaymentSchema.class {}
KnownPaymentSchema.setClass(KnownPayment);

const KnownPatientSchema = defineEntity({
  name: 'KnownPatient',
  tableName: 'known_patient',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer(),
    /** JSON {firstName, lastName, email, mobile}, sealed by booking; null once erased. */
    contact: p.text().nullable(),
    timeZone: p.string(),
    language: p.string(),
  },
});
export class KnownPatient extends KnownPatientSchema.class {}
KnownPatientSchema.setClass(KnownPatient);

const KnownProviderSchema = defineEntity({
  name: 'KnownProvider',
  tableName: 'known_provider',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer(),
    name: p.string(),
    /** Sealed by scheduling. */
    email: p.text().nullable(),
    timeZone: p.string(),
  },
});
export class KnownProvider extends KnownProviderSchema.class {}
KnownProviderSchema.setClass(KnownProvider);

const KnownPracticeSchema = defineEntity({
  name: 'KnownPractice',
  tableName: 'known_practice',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer(),
    name: p.string(),
    timeZone: p.string().nullable(),
    /** Where its desk gets mail; sealed by scheduling. */
    email: p.text().nullable(),
  },
});
export class KnownPractice extends KnownPracticeSchema.class {}
KnownPracticeSchema.setClass(KnownPractice);

const KnownLocationSchema = defineEntity({
  name: 'KnownLocation',
  tableName: 'known_location',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer(),
    name: p.string(),
    address: p.text().nullable(),
    instructions: p.text().nullable(),
  },
});
export class KnownLocation extends KnownLocationSchema.class {}
KnownLocationSchema.setClass(KnownLocation);

export const knownSchemas = [
  KnownAppointmentSchema,
  AppointmentAccessSchema,
  KnownPaymentSchema,
  KnownPatientSchema,
  KnownProviderSchema,
  KnownPracticeSchema,
  KnownLocationSchema,
];

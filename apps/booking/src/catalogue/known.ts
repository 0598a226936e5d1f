// What booking knows of scheduling's and calendar-sync's nouns: small copies, kept by their events.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { connectionStates, type BookingSettings } from '@caregraph/contracts';

const KnownPracticeSchema = defineEntity({
  name: 'KnownPractice',
  tableName: 'known_practice',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer(),
    bookingNumberPrefix: p.string(),
    timeZone: p.string(),
    active: p.boolean(),
  },
});
export class KnownPractice extends KnownPracticeSchema.class {}
KnownPracticeSchema.setClass(KnownPractice);

const KnownProviderSchema = defineEntity({
  name: 'KnownProvider',
  tableName: 'known_provider',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer(),
    account: p.string().nullable(),
    timeZone: p.string(),
    settings: p.json<BookingSettings>(),
    active: p.boolean(),
  },
});
export class KnownProvider extends KnownProviderSchema.class {}
KnownProviderSchema.setClass(KnownProvider);

const KnownCalendarSchema = defineEntity({
  name: 'KnownCalendar',
  tableName: 'known_calendar',
  properties: {
    /** The provider's id: a provider has one connection. */
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer(),
    state: p.enum(connectionStates),
  },
});
export class KnownCalendar extends KnownCalendarSchema.class {}
KnownCalendarSchema.setClass(KnownCalendar);

const KnownAppointmentTypeSchema = defineEntity({
  name: 'KnownAppointmentType',
  tableName: 'known_appointment_type',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer(),
    name: p.string(),
    durationMinutes: p.integer(),
    bufferBeforeMinutes: p.integer().nullable(),
    bufferAfterMinutes: p.integer().nullable(),
    priceAmountMinor: p.integer(),
    priceCurrency: p.string(),
    paymentMode: p.enum(['HOLD', 'AT_VISIT'] as const),
    cancellationPolicy: p.json<{ noticeHours: number; feePercent: number }>().nullable(),
    providerIds: p.array(),
    allowOnlineBooking: p.boolean(),
    active: p.boolean(),
  },
});
export class KnownAppointmentType extends KnownAppointmentTypeSchema.class {}
KnownAppointmentTypeSchema.setClass(KnownAppointmentType);

export const knownSchemas = [
  KnownPracticeSchema,
  KnownProviderSchema,
  KnownCalendarSchema,
  KnownAppointmentTypeSchema,
];

// What scheduling tells the others: the practice, its places, its providers and what they offer. Whole state each time.
import { z } from 'zod';
import { defineEvent, type EventDataOf } from './event.js';
import { id, money, sealed, timeZone, version } from './fields.js';

/** Settings of a practice that a provider may override; in events always resolved (BK-059 to BK-067). */
export const bookingSettings = z
  .object({
    mode: z
      .enum(['INSTANT', 'REQUEST'])
      .describe('Used as it is when modeOverride is set; else the calendar decides.'),
    modeOverride: z.boolean().describe('True keeps `mode` whatever the calendar connection says.'),
    confirmationDeadlineHours: z.int().min(4).max(72),
    minimumNoticeHours: z.int().min(1).max(168),
    maximumAdvanceDays: z.int().min(7).max(365),
    bufferMinutes: z
      .int()
      .min(0)
      .max(60)
      .describe('After each appointment whose type sets no buffer of its own.'),
    allowReschedule: z.boolean(),
    maxRescheduleAttempts: z.int().min(1).max(5),
    rescheduleNoticeHours: z.int().min(1),
    allowCancellation: z.boolean().describe('False refuses the patient only.'),
    cancellationNoticeHours: z
      .int()
      .min(0)
      .nullable()
      .describe('Null: not set on purpose, the platform tiers apply.'),
    cancellationFeePercent: z.int().min(0).max(100),
    slotDurationMinutes: z.int().min(5).max(480),
    paymentTimeoutMinutes: z.int().min(5).max(60),
  })
  .describe('How a provider is booked.');
export type BookingSettings = z.infer<typeof bookingSettings>;

const exampleSettings: BookingSettings = {
  mode: 'REQUEST',
  modeOverride: false,
  confirmationDeadlineHours: 24,
  minimumNoticeHours: 24,
  maximumAdvanceDays: 60,
  bufferMinutes: 15,
  allowReschedule: true,
  maxRescheduleAttempts: 2,
  rescheduleNoticeHours: 24,
  allowCancellation: true,
  cancellationNoticeHours: null,
  cancellationFeePercent: 0,
  slotDurationMinutes: 30,
  paymentTimeoutMinutes: 15,
};

const ids = {
  practice: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a01',
  location: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a02',
  provider: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a03',
  type: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a04',
};

export const practiceChanged = defineEvent(
  'scheduling.practice-changed.v1',
  z.object({
    practiceId: id,
    version,
    name: z.string(),
    timeZone,
    currency: z.string().length(3),
    bookingNumberPrefix: z.string().regex(/^[A-Z]{2,4}$/),
    active: z.boolean(),
    email: sealed.nullable().optional(),
  }),
  {
    noun: 'practice',
    key: 'practiceId',
    description: 'A practice was created or changed.',
    example: {
      practiceId: ids.practice,
      version: 1,
      name: 'Harbor Family Health',
      timeZone: 'America/New_York',
      currency: 'USD',
      bookingNumberPrefix: 'CG',
      active: true,
      email: 'sealed.v1.2026a.AAAA.AAAA',
    },
  },
);

export const locationChanged = defineEvent(
  'scheduling.location-changed.v1',
  z.object({
    locationId: id,
    practiceId: id,
    version,
    name: z.string(),
    kind: z.enum(['IN_PERSON', 'TELEHEALTH', 'HOME_VISIT']),
    timeZone,
    address: z.string().nullable().describe('One line, as printed in messages.'),
    instructions: z.string().nullable(),
    active: z.boolean(),
  }),
  {
    noun: 'location',
    key: 'locationId',
    description: 'A location was created or changed.',
    example: {
      locationId: ids.location,
      practiceId: ids.practice,
      version: 1,
      name: 'Harbor Street',
      kind: 'IN_PERSON',
      timeZone: 'America/New_York',
      address: '12 Harbor Street, Portland, ME 04101, US',
      instructions: 'Enter through the side door.',
      active: true,
    },
  },
);

export const providerChanged = defineEvent(
  'scheduling.provider-changed.v1',
  z.object({
    providerId: id,
    practiceId: id,
    version,
    name: z.string(),
    account: z.string().nullable().describe("The provider's login (sub); null: nobody logs in."),
    timeZone,
    locationIds: z.array(id),
    bookingSettings,
    email: sealed.nullable(),
    mobile: sealed.nullable(),
    active: z.boolean(),
  }),
  {
    noun: 'provider',
    key: 'providerId',
    description:
      'A provider was created or changed; booking settings are resolved (practice, then provider).',
    example: {
      providerId: ids.provider,
      practiceId: ids.practice,
      version: 1,
      name: 'Dr. Amelia Reyes',
      account: 'demo|amelia-reyes',
      timeZone: 'America/New_York',
      locationIds: [ids.location],
      bookingSettings: exampleSettings,
      email: 'sealed.v1.2026a.AAAA.AAAA',
      mobile: null,
      active: true,
    },
  },
);

export const appointmentTypeChanged = defineEvent(
  'scheduling.appointment-type-changed.v1',
  z.object({
    appointmentTypeId: id,
    practiceId: id,
    version,
    name: z.string(),
    category: z.enum(['INDIVIDUAL', 'GROUP', 'FAMILY', 'COUPLES']),
    description: z.string().nullable(),
    durationMinutes: z.int().min(5).max(480),
    bufferBeforeMinutes: z.int().min(0).max(120).nullable().describe('Null: not set, which is 0.'),
    bufferAfterMinutes: z
      .int()
      .min(0)
      .max(120)
      .nullable()
      .describe("Null: not set, the provider's bufferMinutes."),
    price: money,
    paymentMode: z
      .enum(['HOLD', 'AT_VISIT'])
      .describe('HOLD: authorised at booking; AT_VISIT: no card is taken.'),
    cancellationPolicy: z
      .object({ noticeHours: z.int().min(0).max(720), feePercent: z.int().min(0).max(100) })
      .nullable()
      .describe("Null: not set, the provider's or the platform's counts."),
    providerIds: z.array(id).describe('Who offers it.'),
    resourceIds: z.array(id).describe('Rooms and equipment claimed with the provider.'),
    allowOnlineBooking: z.boolean(),
    active: z.boolean(),
  }),
  {
    noun: 'appointment-type',
    key: 'appointmentTypeId',
    description: 'An appointment type was created or changed.',
    example: {
      appointmentTypeId: ids.type,
      practiceId: ids.practice,
      version: 1,
      name: 'First visit',
      category: 'INDIVIDUAL',
      description: null,
      durationMinutes: 45,
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 15,
      price: { amountMinor: 12000, currency: 'USD' },
      paymentMode: 'HOLD',
      cancellationPolicy: null,
      providerIds: [ids.provider],
      resourceIds: [],
      allowOnlineBooking: true,
      active: true,
    },
  },
);

export type PracticeChanged = EventDataOf<typeof practiceChanged>;
export type LocationChanged = EventDataOf<typeof locationChanged>;
export type ProviderChanged = EventDataOf<typeof providerChanged>;
export type AppointmentTypeChanged = EventDataOf<typeof appointmentTypeChanged>;

// How an appointment type lies in PostgreSQL. Names are unique per practice, whatever their letters (an index).
import { defineEntity, p } from '@mikro-orm/postgresql';
import {
  AppointmentType,
  appointmentCategories,
  paymentModes,
  type CancellationPolicy,
} from './appointment-type.js';

const instant = () => p.datetime().columnType('timestamptz');

export const AppointmentTypeSchema = defineEntity({
  class: AppointmentType,
  tableName: 'appointment_type',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer().concurrencyCheck(),
    name: p.string(),
    category: p.enum(appointmentCategories),
    description: p.text().nullable(),
    durationMinutes: p.integer(),
    bufferBeforeMinutes: p.integer().nullable(),
    bufferAfterMinutes: p.integer().nullable(),
    priceAmountMinor: p.integer(),
    priceCurrency: p.string(),
    paymentMode: p.enum(paymentModes),
    cancellationPolicy: p.json<CancellationPolicy>().nullable(),
    providerIds: p.array(),
    resourceIds: p.array(),
    allowOnlineBooking: p.boolean(),
    active: p.boolean(),
    createdAt: instant(),
    updatedAt: instant(),
  },
});

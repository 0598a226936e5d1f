// How a practice lies in PostgreSQL.
import { defineEntity, p } from '@mikro-orm/postgresql';
import type { BookingSettings } from '@caregraph/contracts';
import { Practice } from './practice.js';

const instant = () => p.datetime().columnType('timestamptz');

export const PracticeSchema = defineEntity({
  class: Practice,
  tableName: 'practice',
  properties: {
    id: p.uuid().primary(),
    version: p.integer().concurrencyCheck(),
    name: p.string(),
    timeZone: p.string(),
    currency: p.string(),
    bookingNumberPrefix: p.string(),
    bookingSettings: p.json<BookingSettings>(),
    email: p.text().nullable(),
    active: p.boolean(),
    createdAt: instant(),
    updatedAt: instant(),
  },
});

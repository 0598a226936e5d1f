// How a provider lies in PostgreSQL.
import { defineEntity, p } from '@mikro-orm/postgresql';
import type { SettingsOverride } from '../practice/booking-settings.policy.js';
import { Provider } from './provider.js';

const instant = () => p.datetime().columnType('timestamptz');

export const ProviderSchema = defineEntity({
  class: Provider,
  tableName: 'provider',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer().concurrencyCheck(),
    name: p.string(),
    account: p.string().nullable(),
    specialties: p.array(),
    languages: p.array(),
    insurances: p.array(),
    timeZone: p.string(),
    locationIds: p.array(),
    email: p.text().nullable(),
    mobile: p.text().nullable(),
    settingsOverride: p.json<SettingsOverride>(),
    active: p.boolean(),
    keepsOwnHours: p.boolean(),
    createdAt: instant(),
    updatedAt: instant(),
  },
});

// How a location lies in PostgreSQL.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { Location, locationKinds } from './location.js';

const instant = () => p.datetime().columnType('timestamptz');

export const LocationSchema = defineEntity({
  class: Location,
  tableName: 'location',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer().concurrencyCheck(),
    name: p.string(),
    kind: p.enum(locationKinds),
    timeZone: p.string(),
    address: p.string().nullable(),
    instructions: p.string().nullable(),
    active: p.boolean(),
    createdAt: instant(),
    updatedAt: instant(),
  },
});

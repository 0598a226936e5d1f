// How a resource lies in PostgreSQL.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { Resource, resourceKinds } from './resource.js';

const instant = () => p.datetime().columnType('timestamptz');

export const ResourceSchema = defineEntity({
  class: Resource,
  tableName: 'resource',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    locationId: p.uuid(),
    version: p.integer().concurrencyCheck(),
    name: p.string(),
    kind: p.enum(resourceKinds),
    createdAt: instant(),
    updatedAt: instant(),
  },
});

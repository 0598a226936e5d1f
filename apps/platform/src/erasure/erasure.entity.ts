// How an erasure lies in PostgreSQL.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { Erasure } from './erasure.js';

export const ErasureSchema = defineEntity({
  class: Erasure,
  tableName: 'erasure',
  properties: {
    id: p.uuid().primary(),
    erasedAt: p.datetime().columnType('timestamptz'),
  },
});

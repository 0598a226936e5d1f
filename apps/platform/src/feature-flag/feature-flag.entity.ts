// How a feature flag lies in PostgreSQL.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { FeatureFlag } from './feature-flag.js';

export const FeatureFlagSchema = defineEntity({
  class: FeatureFlag,
  tableName: 'feature_flag',
  properties: {
    id: p.uuid().primary(),
    key: p.string(),
    version: p.integer().concurrencyCheck(),
    value: p.json<boolean | number>().nullable(),
    providers: p.json<Readonly<Record<string, boolean>>>(),
    changedBy: p.string().nullable(),
    changedAt: p.datetime().columnType('timestamptz').nullable(),
  },
});

// Scheduling's configuration.
import { commonConfig, databaseConfig, keyRing, readConfig } from '@caregraph/runtime';

const schema = commonConfig.extend(databaseConfig.shape).extend({
  /** The first signs the offers of slots; booking accepts all. */
  OFFER_KEYS: keyRing,
});

export const config = readConfig(schema, process.env);

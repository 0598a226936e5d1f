// Booking's configuration.
import { commonConfig, databaseConfig, keyRing, readConfig } from '@caregraph/runtime';

const schema = commonConfig.extend(databaseConfig.shape).extend({
  /** Verifies slots' offers, and derives hold tokens. The first is scheduling's signing key. */
  OFFER_KEYS: keyRing,
});

export const config = readConfig(schema, process.env);

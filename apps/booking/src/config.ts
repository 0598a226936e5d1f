// Booking's configuration.
import { z } from 'zod';
import { commonConfig, databaseConfig, keyRing, readConfig } from '@caregraph/runtime';

const schema = commonConfig.extend(databaseConfig.shape).extend({
  /** Verifies slots' offers, and derives hold tokens. The first is scheduling's signing key. */
  OFFER_KEYS: keyRing,
  /** From so many requests on that wait for a provider, `/health` says degraded. */
  HEALTH_PENDING_LIMIT: z.coerce.number().int().min(1).default(100),
  /** From so many requests on that end within HEALTH_EXPIRING_HOURS, `/health` says degraded. */
  HEALTH_EXPIRING_LIMIT: z.coerce.number().int().min(1).default(20),
  HEALTH_EXPIRING_HOURS: z.coerce.number().min(0.1).max(720).default(4),
  /** So long after its last success the job that ends requests makes `/health` say unhealthy. */
  HEALTH_EXPIRATION_JOB_MINUTES: z.coerce.number().int().min(1).default(10),
});

export const config = readConfig(schema, process.env);

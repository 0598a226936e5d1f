// The part of the configuration that a gateway over fake subgraphs needs.
import type { z } from 'zod';
import { gatewayConfig } from '../config.js';

const variables = gatewayConfig.pick({
  NODE_ENV: true,
  PUBLIC_ORIGINS: true,
  TRUSTED_PROXIES: true,
  SESSION_KEYS: true,
  STEP_UP_MAX_AGE_MINUTES: true,
  OPERATION_COST_LIMIT: true,
  REQUEST_TIMEOUT_MS: true,
  LOAD_MOST_UNDER_WAY: true,
  LOAD_MOST_WAITING: true,
  LOAD_MOST_LAG_MS: true,
  MINIMUM_CLIENT_VERSIONS: true,
  RATE_LIMIT_CALLER: true,
  RATE_LIMIT_ADDRESS: true,
  RATE_LIMIT_BOOKINGS: true,
});

export const specConfig = (environment: Readonly<Record<string, string>>): z.infer<typeof variables> =>
  variables.parse({
    NODE_ENV: 'test',
    SESSION_KEYS: 's1:a-session-secret-of-at-least-32-characters',
    ...environment,
  });

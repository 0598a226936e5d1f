// The configuration of a gateway under test: as usual, where the spec says nothing else.
import { gatewayConfig } from '../config.js';

export const specConfig = (environment: Readonly<Record<string, string>>) =>
  gatewayConfig
    .pick({
      NODE_ENV: true,
      PUBLIC_ORIGINS: true,
      TRUSTED_PROXIES: true,
      SESSION_KEYS: true,
      STEP_UP_MAX_AGE_MINUTES: true,
      OPERATION_COST_LIMIT: true,
      OPERATION_COST_LIMIT_ANONYMOUS: true,
      OPERATION_COST_LIMIT_PARTNER: true,
      OPERATION_COST_LIMIT_STAFF: true,
      TRUSTED_DOCUMENTS: true,
      TRUSTED_DOCUMENTS_FILES: true,
      REQUEST_TIMEOUT_MS: true,
      LOAD_MOST_UNDER_WAY: true,
      LOAD_MOST_WAITING: true,
      LOAD_MOST_LAG_MS: true,
      DRAIN_MS: true,
      MINIMUM_CLIENT_VERSIONS: true,
      RATE_LIMIT_CALLER: true,
      RATE_LIMIT_ADDRESS: true,
      RATE_LIMIT_BOOKINGS: true,
      RATE_LIMIT_CONNECTIONS: true,
    })
    .parse({
      NODE_ENV: 'test',
      // Specs need not say goodbye.
      DRAIN_MS: '0',
      SESSION_KEYS: 's1:a-session-secret-of-at-least-32-characters',
      ...environment,
    });

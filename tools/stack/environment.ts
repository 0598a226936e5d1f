// The environment of every app of the local stack, in one place. Names are those of each app's config.ts.
import path from 'node:path';
import type { AppDatabase } from '@caregraph/testing';
import { demoAccount } from '../demo/ids.js';
import { eventLogDatabase, subgraphs, variablePart, type AppDefinition } from './apps.js';
import { ringVariables } from './rings.js';
import type { Secrets } from './secrets.js';

export interface Place {
  readonly dir: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly databases: Readonly<Record<string, AppDatabase>>;
  readonly secrets: Secrets;
  /** How the apps reach Kafka; left out, the embedded log carries the events. */
  readonly kafka?: Readonly<Record<string, string>> | undefined;
  /** Where the stack collects traces; left out, they go nowhere. */
  readonly tracesUrl?: string;
}

type Variables = Record<string, string>;

/** The identity provider's audience for access tokens to the gateway. */
export const audience = 'caregraph';

export const urlOf = (place: Pick<Place, 'ports'>, app: string): string =>
  `http://127.0.0.1:${place.ports[app] ?? 0}`;

/** Where the portal stands on a laptop: links in mails lead there, and it may call the gateway. */
const publicWebUrl = 'http://localhost:3000';

/** Where the sandbox finds the demo logins. */
export const usersFile = (dir: string): string => path.join(dir, 'users.json');

/** All variables of one app. */
export function environmentOf(app: AppDefinition, place: Place): Variables {
  return {
    ...common(app, place),
    ...database(app, place),
    ...ringVariables(place.dir, app.name),
    ...specific[app.name]?.(place),
  };
}

const common = (app: AppDefinition, place: Place): Variables => ({
  NODE_ENV: 'development',
  HOST: '127.0.0.1',
  PORT: String(place.ports[app.name] ?? 0),
  LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
  ALLOW_SANDBOX: '1',
  // The demo's logins are made once, when the stack starts, and live half a day.
  STEP_UP_MAX_AGE_MINUTES: '1440',
  SANDBOX_URL: urlOf(place, 'sandbox'),
  // Nobody is there who must not notice that an app is started again.
  DRAIN_MS: '0',
  // Vendors' telemetry stays off everywhere.
  APOLLO_TELEMETRY_DISABLED: 'true',
  ...(place.tracesUrl === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: place.tracesUrl }),
});

function database(app: AppDefinition, { databases, kafka }: Place): Variables {
  const own = app.database === undefined ? undefined : databases[app.database];
  const log = databases[eventLogDatabase];
  if (!own || !log) return {};
  return {
    DATABASE_URL: own.url,
    MIGRATION_DATABASE_URL: own.ownerUrl,
    ...(kafka ?? { EVENT_LOG_URL: log.url, EVENT_LOG_MIGRATION_URL: log.ownerUrl }),
  };
}

const specific: Readonly<Record<string, (place: Place) => Variables>> = {
  sandbox: (place) => ({
    ISSUER_URL: issuerUrl(place),
    SANDBOX_USERS_FILE: usersFile(place.dir),
    // What the apps' databases know of the outside world must still be true after a restart.
    SANDBOX_STATE_DIR: path.join(place.dir, 'sandbox'),
    STRIPE_WEBHOOK_URL: `${urlOf(place, 'payments')}/webhooks/stripe`,
    SENDGRID_WEBHOOK_URL: `${urlOf(place, 'notifications')}/webhooks/sendgrid`,
  }),

  payments: (place) => ({
    STRIPE_API_BASE: urlOf(place, 'sandbox'),
    STRIPE_SECRET_KEY: place.secrets.stripeSecretKey,
    STRIPE_PUBLISHABLE_KEY: place.secrets.stripePublishableKey,
  }),

  notifications: (place) => ({
    SENDGRID_API_BASE: urlOf(place, 'sandbox'),
    SENDGRID_API_KEY: place.secrets.sendgridApiKey,
    MAIL_FROM: 'Caregraph <no-reply@caregraph.example>',
    PUBLIC_WEB_URL: publicWebUrl,
  }),

  // Who lets the demo's other people in.
  platform: () => ({ PLATFORM_OPERATORS: demoAccount('support') }),

  gateway: (place) => ({
    OIDC_ISSUER: issuerUrl(place),
    OIDC_AUDIENCE: audience,
    OIDC_JWKS_URL: `${issuerUrl(place)}/jwks`,
    PUBLIC_ORIGINS: publicWebUrl,
    // All stories, the demo and campaigns come from one address, within minutes.
    RATE_LIMIT_CALLER: '10000000',
    RATE_LIMIT_ADDRESS: '100000000',
    RATE_LIMIT_BOOKINGS: '100000',
    RATE_LIMIT_CONNECTIONS: '100000',
    ...Object.fromEntries(subgraphs.map((app) => [`${variablePart(app)}_URL`, urlOf(place, app)])),
  }),
};

/** The development identity provider lives in the sandbox. */
export const issuerUrl = (place: Pick<Place, 'ports'>): string => `${urlOf(place, 'sandbox')}/identity`;

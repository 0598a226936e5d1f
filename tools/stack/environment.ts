// The environment of every app of the local stack, in one place. Names are those of each app's config.ts.
import path from 'node:path';
import type { AppDatabase } from '@caregraph/testing';
import { eventLogDatabase, subgraphs, variablePart, type AppDefinition } from './apps.js';
import type { Secrets } from './secrets.js';

export interface Place {
  readonly dir: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly databases: Readonly<Record<string, AppDatabase>>;
  readonly secrets: Secrets;
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
  return { ...common(app, place), ...database(app, place), ...specific[app.name]?.(place) };
}

const common = (app: AppDefinition, place: Place): Variables => ({
  NODE_ENV: 'development',
  HOST: '127.0.0.1',
  PORT: String(place.ports[app.name] ?? 0),
  LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
  ALLOW_SANDBOX: '1',
  SANDBOX_URL: urlOf(place, 'sandbox'),
  // Vendors' telemetry stays off everywhere.
  APOLLO_TELEMETRY_DISABLED: 'true',
});

function database(app: AppDefinition, { databases, secrets }: Place): Variables {
  const own = app.database === undefined ? undefined : databases[app.database];
  const log = databases[eventLogDatabase];
  if (!own || !log) return {};
  return {
    DATABASE_URL: own.url,
    MIGRATION_DATABASE_URL: own.ownerUrl,
    EVENT_LOG_URL: log.url,
    EVENT_LOG_MIGRATION_URL: log.ownerUrl,
    SEALING_KEYS: secrets.sealingKeys,
    VIEWER_KEYS: viewerKeys(secrets, app.name),
  };
}

const viewerKeys = (secrets: Secrets, app: string): string => secrets.viewerKeys[app] ?? '';

const specific: Readonly<Record<string, (place: Place) => Variables>> = {
  sandbox: (place) => ({
    ISSUER_URL: issuerUrl(place),
    SANDBOX_USERS_FILE: usersFile(place.dir),
    // What the apps' databases know of the outside world must still be true after a restart.
    SANDBOX_STATE_DIR: path.join(place.dir, 'sandbox'),
    STRIPE_WEBHOOK_URL: `${urlOf(place, 'payments')}/webhooks/stripe`,
    STRIPE_WEBHOOK_SECRET: place.secrets.stripeWebhookSecret,
    SENDGRID_WEBHOOK_URL: `${urlOf(place, 'notifications')}/webhooks/sendgrid`,
    SENDGRID_WEBHOOK_PRIVATE_KEY: place.secrets.sendgridWebhookPrivateKey,
  }),

  scheduling: ({ secrets }) => ({ OFFER_KEYS: secrets.offerKeys }),

  booking: ({ secrets }) => ({ OFFER_KEYS: secrets.offerKeys }),

  payments: (place) => ({
    STRIPE_API_BASE: urlOf(place, 'sandbox'),
    STRIPE_SECRET_KEY: place.secrets.stripeSecretKey,
    STRIPE_PUBLISHABLE_KEY: place.secrets.stripePublishableKey,
    STRIPE_WEBHOOK_SECRET: place.secrets.stripeWebhookSecret,
  }),

  notifications: (place) => ({
    SENDGRID_API_BASE: urlOf(place, 'sandbox'),
    SENDGRID_API_KEY: place.secrets.sendgridApiKey,
    SENDGRID_WEBHOOK_PUBLIC_KEY: place.secrets.sendgridWebhookPublicKey,
    MAIL_FROM: 'Caregraph <no-reply@caregraph.example>',
    PUBLIC_WEB_URL: publicWebUrl,
  }),

  gateway: (place) => ({
    OIDC_ISSUER: issuerUrl(place),
    OIDC_AUDIENCE: audience,
    OIDC_JWKS_URL: `${issuerUrl(place)}/jwks`,
    SESSION_KEYS: place.secrets.sessionKeys,
    PUBLIC_ORIGINS: publicWebUrl,
    ...Object.fromEntries(
      subgraphs.flatMap((app) => [
        [`${variablePart(app)}_URL`, urlOf(place, app)],
        [`VIEWER_KEYS_${variablePart(app)}`, viewerKeys(place.secrets, app)],
      ]),
    ),
  }),
};

/** The development identity provider lives in the sandbox. */
export const issuerUrl = (place: Pick<Place, 'ports'>): string => `${urlOf(place, 'sandbox')}/identity`;

// The sandbox's environment. It stands for the outside world and must never stand in production by mistake.
import { ConfigError, flag, port, readConfig, secretRing } from '@caregraph/runtime';
import { z } from 'zod';
import { p256PrivateKey } from './sendgrid/webhook.js';

const schema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  ALLOW_SANDBOX: flag,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Loopback by default: whoever reaches the sandbox can be anybody. */
  HOST: z.string().default('127.0.0.1'),
  /** 0 chooses a free one; the log says which. */
  PORT: port.default(4010),
  /** JSON: `[{login, sub, name, email, memberships: [{practiceId, role}], scopes}]`. */
  SANDBOX_USERS_FILE: z.string().optional(),
  /** The folder in which the state outlives the process; in memory only when unset. */
  SANDBOX_STATE_DIR: z.string().min(1).optional(),
  /** What tokens name as their issuer; by default this process' own address. */
  ISSUER_URL: z
    .url()
    .refine((url) => new URL(url).pathname === '/identity', { message: 'must end in /identity' })
    .optional(),
  /** Where Stripe's webhooks go; nowhere when unset. */
  STRIPE_WEBHOOK_URL: z.url().optional(),
  /** The first signs, as the vendor signs with one once it has been rolled. */
  STRIPE_WEBHOOK_SECRET: secretRing(
    (secret) => z.string().min(1).parse(secret),
    'must not be empty',
  ).prefault('whsec_caregraph_sandbox'),
  /** Where SendGrid's event webhook goes; nowhere when unset. */
  SENDGRID_WEBHOOK_URL: z.url().optional(),
  /** PEM of a P-256 key, the first of several signs. Without one a key is made; its public half is at GET /_sandbox/sendgrid-public-key. */
  SENDGRID_WEBHOOK_PRIVATE_KEY: secretRing(p256PrivateKey, 'must be P-256 keys in PEM').optional(),
});

export type Config = z.infer<typeof schema>;

/** Throws a ConfigError that lists all mistakes; in production always, unless ALLOW_SANDBOX is set. */
export function readSandboxConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const config = readConfig(schema, environment);
  if (config.NODE_ENV === 'production' && !config.ALLOW_SANDBOX) {
    throw new ConfigError('The sandbox does not start where NODE_ENV is production, unless ALLOW_SANDBOX=1.');
  }
  return config;
}

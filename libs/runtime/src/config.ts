// Configuration is the environment, read once, by a schema; every mistake is told in one go, before anything starts.
import { z } from 'zod';

/** A switch: `1`, `true` are on; `0`, `false` and empty are off. */
export const flag = z
  .enum(['0', '1', 'true', 'false', ''])
  .default('0')
  .transform((value) => value === '1' || value === 'true');

export const port = z.coerce.number().int().min(0).max(65_535);

/** `kid:secret[,kid:secret…]`: the first key is used, all are accepted, so that keys can be changed while running. */
export const keyRing = z
  .string()
  .transform((text) =>
    text.split(',').map((entry) => {
      const colon = entry.indexOf(':');
      return { kid: entry.slice(0, colon).trim(), secret: entry.slice(colon + 1).trim() };
    }),
  )
  .refine((keys) => keys.every(({ kid, secret }) => /^[\w-]{1,32}$/.test(kid) && secret.length >= 32), {
    message: 'must be kid:secret[,kid:secret], each secret at least 32 characters',
  })
  .refine((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, {
    message: 'must not name a kid twice',
  });

/** What every app has. */
export const commonConfig = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('production'),
  HOST: z.string().default('0.0.0.0'),
  PORT: port.default(8080),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Lets vendors be overridden and the sandbox's clock be followed, also where NODE_ENV is production. */
  ALLOW_SANDBOX: flag,
  SANDBOX_URL: z.url().optional(),
});

/** What every app with a database and events has. */
export const databaseConfig = z.object({
  /** The role that reads and writes rows, and owns nothing. */
  DATABASE_URL: z.url(),
  /** The role that owns the tables; used for migrations before the app serves. Left out: somebody else migrates. */
  MIGRATION_DATABASE_URL: z.url().optional(),
  EVENT_LOG_URL: z.url(),
  EVENT_LOG_MIGRATION_URL: z.url().optional(),
  /** Seals personal data in events and columns: `kid:base64 of 32 bytes`. */
  SEALING_KEYS: keyRing,
  /** Verifies the gateway's viewer token. */
  VIEWER_KEYS: keyRing,
});

/** A vendor's address when it is not the vendor's own. */
export const vendorOverride = z.url().optional();

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the environment; throws one ConfigError that lists everything wrong with it.
 * Variables whose name ends in `_API_BASE` or `_TOKEN_URL` point a vendor elsewhere: refused in production unless
 * ALLOW_SANDBOX is set, and never together with a live key.
 */
export function readConfig<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<Schema> {
  const result = schema.safeParse(environment);
  const faults = result.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];
  const problems = [...faults, ...overrideProblems(environment)];
  if (problems.length > 0) throw new ConfigError(`The configuration is wrong:\n  ${problems.join('\n  ')}`);
  return result.data as z.infer<Schema>;
}

function overrideProblems(environment: Readonly<Record<string, string | undefined>>): string[] {
  const overrides = Object.keys(environment).filter(
    (name) => /_(API_BASE|TOKEN_URL)$/.test(name) && environment[name],
  );
  const production = (environment.NODE_ENV ?? 'production') === 'production';
  const allowed = environment.ALLOW_SANDBOX === '1' || environment.ALLOW_SANDBOX === 'true';
  const live = Object.values(environment).some((value) => /^[rs]k_live_/.test(value ?? ''));
  return overrides.flatMap((name) => {
    if (live) return [`${name}: a live key must never be sent to an overridden address`];
    return production && !allowed ? [`${name}: refused in production unless ALLOW_SANDBOX=1`] : [];
  });
}

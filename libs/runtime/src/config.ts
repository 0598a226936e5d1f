// Configuration is the environment, read once, by a schema; every mistake is told in one go, before anything starts.
import { z } from 'zod';
import { readSecretFile, withFiles, type Environment } from './config-files.js';
import { defaultLoad } from './load.js';
import { defaultDrainMs } from './polite-close.js';
import { fingerprint, Ring, type Key } from './ring.js';

/** A switch: `1`, `true` are on; `0`, `false` and empty are off. */
export const flag = z
  .enum(['0', '1', 'true', 'false', ''])
  .default('0')
  .transform((value) => value === '1' || value === 'true');

export const port = z.coerce.number().int().min(0).max(65_535);

const entriesOf = (text: string): string[] => text.split(',').map((entry) => entry.trim());

const keyOf = (entry: string): Key => {
  const colon = entry.indexOf(':');
  return { kid: entry.slice(0, colon).trim(), secret: entry.slice(colon + 1).trim() };
};

/** `kid:secret[,kid:secret…]`: the first key is used, all are accepted, so that keys can be changed while running. */
export const keyRing = z
  .string()
  .transform((text) => entriesOf(text).map(keyOf))
  .refine((keys) => keys.every(({ kid, secret }) => /^[\w-]{1,32}$/.test(kid) && secret.length >= 32), {
    message: 'must be kid:secret[,kid:secret], each secret at least 32 characters',
  })
  .refine((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, {
    message: 'must not name a kid twice',
  })
  .transform((keys) => new Ring<Key>(keys, ({ kid }) => kid));

/** A ring whose secrets are keys of AES-256: base64 of 32 bytes. */
export const sealingRing = keyRing.refine(
  (ring) => [...ring].every(({ secret }) => Buffer.from(secret, 'base64').length === 32),
  { message: 'must have secrets that are 32 bytes in base64' },
);

/** `secret[,secret…]`, for secrets that a vendor makes and gives no name. `read` throws on one that is wrong. */
export const secretRing = <Item>(read: (secret: string) => Item, message: string) =>
  z.string().transform((text, context) => {
    try {
      const kids = new Map(entriesOf(text).map((secret) => [read(secret), fingerprint(secret)]));
      return new Ring<Item>([...kids.keys()], (item) => kids.get(item) ?? '');
    } catch {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
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
  /** Where traces go, by OTLP over HTTP; nowhere when left out. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .union([z.url(), z.literal('')])
    .optional()
    .transform((url) => (url === '' ? undefined : url)),
  /** The share of traces that is kept, 0 to 1. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  /** How long ago a person may have shown a second factor for what asks for one, in minutes. */
  STEP_UP_MAX_AGE_MINUTES: z.coerce.number().positive().default(15),
  /** Requests that are worked on at the same time, that wait for a place, and from which delay on none is taken. */
  LOAD_MOST_UNDER_WAY: z.coerce.number().int().min(1).default(defaultLoad.LOAD_MOST_UNDER_WAY),
  LOAD_MOST_WAITING: z.coerce.number().int().min(0).default(defaultLoad.LOAD_MOST_WAITING),
  LOAD_MOST_LAG_MS: z.coerce.number().int().min(20).default(defaultLoad.LOAD_MOST_LAG_MS),
  /** How long clients that keep connections open are served on while the app closes, milliseconds. */
  DRAIN_MS: z.coerce.number().int().min(0).max(15_000).default(defaultDrainMs),
});

/** How Kafka is reached. Set KAFKA_BROKERS, and it carries the events. */
export const kafkaVariables = {
  /** `host:port[,host:port…]`: some of the brokers; the others are learned from them. */
  KAFKA_BROKERS: z
    .string()
    .transform((text) => text.split(',').map((broker) => broker.trim()))
    .refine((brokers) => brokers.every((broker) => /^[\w.-]+:\d+$/.test(broker)), {
      message: 'must be host:port[,host:port]',
    })
    .optional(),
  KAFKA_TLS: flag,
  /** Files in PEM: who signed the brokers' certificates, and our own certificate with its key. */
  KAFKA_TLS_CA: z.string().optional(),
  KAFKA_TLS_CERT: z.string().optional(),
  KAFKA_TLS_KEY: z.string().optional(),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  /** After so long without a sign of life a member of a consumer group counts as dead, milliseconds. */
  KAFKA_SESSION_TIMEOUT_MS: z.coerce.number().int().min(1_000).default(10_000),
};

/** What every app with a database and events has. */
export const databaseConfig = z.object({
  /** The role that reads and writes rows, and owns nothing. */
  DATABASE_URL: z.url(),
  /** The role that owns the tables; used for migrations before the app serves. Left out: somebody else migrates. */
  MIGRATION_DATABASE_URL: z.url().optional(),
  /** The embedded event log; required unless KAFKA_BROKERS is set. */
  EVENT_LOG_URL: z.url().optional(),
  EVENT_LOG_MIGRATION_URL: z.url().optional(),
  ...kafkaVariables,
  /** Seals personal data in events and columns: `kid:base64 of 32 bytes`. */
  SEALING_KEYS: sealingRing,
  /** Verifies the gateway's viewer token. */
  VIEWER_KEYS: keyRing,
});

/** A vendor's address when it is not the vendor's own. */
export const vendorOverride = z.url().optional();

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the environment; throws one ConfigError that lists everything wrong with it. For each variable of the schema
 * `<NAME>_FILE` may name a file instead; rings that come from files are kept up to date by `followRings`.
 * Variables whose name ends in `_API_BASE` or `_TOKEN_URL` point a vendor elsewhere: refused in production unless
 * ALLOW_SANDBOX is set, and never together with a live key.
 */
export function readConfig<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment,
): z.infer<Schema> {
  const read = withFiles(Object.keys(schema.shape), environment);
  const result = schema.safeParse(read.environment);
  const faults = result.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];
  const problems = [
    ...read.problems,
    ...faults,
    ...overrideProblems(read.environment),
    ...('KAFKA_BROKERS' in schema.shape ? transportProblems(read.environment) : []),
  ];
  if (problems.length > 0) throw new ConfigError(`The configuration is wrong:\n  ${problems.join('\n  ')}`);
  const config = result.data as Record<string, unknown>;
  for (const [name, file] of read.files) {
    const ring = config[name];
    const type = schema.shape[name] as z.ZodType<Ring<unknown>>;
    if (ring instanceof Ring)
      ring.source = { text: () => readSecretFile(file), read: (text) => type.parse(text) };
  }
  return config as z.infer<Schema>;
}

function overrideProblems(environment: Environment): string[] {
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

/** Something must carry the events; and half a credential is a mistake that only the broker would tell of. */
function transportProblems(environment: Readonly<Record<string, string | undefined>>): string[] {
  const isSet = (name: string): boolean => Boolean(environment[name]);
  const together = (...names: string[]): string[] =>
    names.some(isSet)
      ? names
          .filter((name) => !isSet(name))
          .map((name) => `${name}: is needed with ${otherThan(name, names)}`)
      : [];
  const encrypted = environment.KAFKA_TLS === '1' || environment.KAFKA_TLS === 'true';
  const files = ['KAFKA_TLS_CA', 'KAFKA_TLS_CERT'].filter(isSet);
  return [
    ...(isSet('KAFKA_BROKERS') || isSet('EVENT_LOG_URL')
      ? []
      : ['KAFKA_BROKERS or EVENT_LOG_URL: one of them must say what carries the events']),
    ...together('KAFKA_TLS_CERT', 'KAFKA_TLS_KEY'),
    ...together('KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'),
    ...(encrypted ? [] : files.map((name) => `${name}: means nothing unless KAFKA_TLS is set`)),
  ];
}

const otherThan = (name: string, names: readonly string[]): string =>
  names.filter((other) => other !== name).join(' and ');

// Which environment variables an app reads, and whether it would start with those that it is given.
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import * as runtime from '@caregraph/runtime';
import { variablesOf as subgraphVariables } from '../../apps/gateway/src/config.js';
import { joinedGraphs } from '../../apps/gateway/src/graph/join-graph.js';

const root = path.resolve(import.meta.dirname, '../..');

/** Read by Node or by libraries, not by a configuration of ours. */
const others = new Set(['NODE_OPTIONS', 'APOLLO_TELEMETRY_DISABLED']);

/** The variables of an app's config.ts that no other app has. The gateway's has some for each subgraph. */
export function ownVariables(app: string): string[] {
  const read = (file: string): string => fs.readFileSync(path.join(root, 'apps', app, file), 'utf8');
  const own = [...read('src/config.ts').matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map(([, name = '']) => name);
  if (app !== 'gateway') return own;
  const perSubgraph = joinedGraphs(read('supergraph.graphql')).map(({ name }) => subgraphVariables(name));
  return [...own, ...perSubgraph.flatMap(({ url, keys }) => [url, keys])];
}

/** The variables of an app's config.ts: its own, and those of the shapes that it names. */
export function variablesOf(app: string): ReadonlySet<string> {
  const text = fs.readFileSync(path.join(root, 'apps', app, 'src/config.ts'), 'utf8');
  const own = ownVariables(app);
  const shared = [runtime.commonConfig, runtime.databaseConfig].flatMap((schema, index) =>
    text.includes(['commonConfig', 'databaseConfig'][index] ?? '') ? Object.keys(schema.shape) : [],
  );
  return new Set([...own, ...shared]);
}

/** The variables among these that the app does not read. */
export function unknownVariables(app: string, names: readonly string[]): string[] {
  const known = variablesOf(app);
  return names.filter(
    (name) => !others.has(name) && !known.has(name) && !known.has(name.replace(/_FILE$/, '')),
  );
}

const base64Key = Buffer.alloc(32, 7).toString('base64');
const secret = 'x'.repeat(32);
/** It verifies nothing of anybody's. */
const webhookKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** A value that each secret could have. */
export const sampleSecrets: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgresql://app:word@database:5432/app',
  EVENT_LOG_URL: 'postgresql://app:word@database:5432/event_log',
  MIGRATION_DATABASE_URL: 'postgresql://owner:word@database:5432/app',
  KAFKA_SASL_PASSWORD: 'word',
  SEALING_KEYS: `s1:${base64Key}`,
  VIEWER_KEYS: `v1:${secret}`,
  BLIND_INDEX_KEYS: `b1:${base64Key}`,
  OFFER_KEYS: `o1:${secret}`,
  SESSION_KEYS: `a1:${secret}`,
  STRIPE_SECRET_KEY: 'sk_live_sample',
  STRIPE_PUBLISHABLE_KEY: 'pk_live_sample',
  STRIPE_WEBHOOK_SECRET: 'whsec_sample',
  SENDGRID_API_KEY: 'SG.sample',
  SENDGRID_WEBHOOK_PUBLIC_KEY: webhookKeys.publicKey
    .export({ type: 'spki', format: 'der' })
    .toString('base64'),
  SENDGRID_WEBHOOK_PRIVATE_KEY: webhookKeys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
};

/** The environment with a sample in place of each file: the files are where the app will run, not here. */
function withSamples(environment: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(environment).map(([name, value]) => {
    const plain = name.replace(/_FILE$/, '');
    const sample =
      sampleSecrets[plain] ?? (plain.startsWith('VIEWER_KEYS_') ? sampleSecrets.VIEWER_KEYS : undefined);
    return name !== plain && sample !== undefined ? [plain, sample] : [name, value];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

/** What the app's own configuration says about an environment; null when it would start. */
export function configurationFault(
  app: string,
  environment: Readonly<Record<string, string>>,
): string | null {
  const sampled = withSamples(environment);
  // A sandbox is no place for a live key, as the configuration itself insists.
  const values =
    sampled.ALLOW_SANDBOX === '1'
      ? Object.fromEntries(
          Object.entries(sampled).map(([name, value]) => [name, value.replace('_live_', '_test_')]),
        )
      : sampled;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', path.join(import.meta.dirname, 'read-config.ts'), app],
    { cwd: root, encoding: 'utf8', env: values },
  );
  return status === 0
    ? null
    : (/The configuration is wrong:[^]*?(?=\n {4}at |$)/.exec(stderr)?.[0] ?? stdout + stderr);
}

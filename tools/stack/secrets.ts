// The secrets of one local stack: made once, kept in its folder, readable by its owner only.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { makeRings } from './rings.js';

/** Those that stay as they are while the stack runs; the others are rings (`rings.ts`). */
export interface Secrets {
  readonly stripeSecretKey: string;
  readonly stripePublishableKey: string;
  readonly sendgridApiKey: string;
  /** Opens the supervisor's control port. */
  readonly controlToken: string;
}

/** Reads the folder's secrets; what is missing is made and written, the rings too. */
export function secretsOf(dir: string): Secrets {
  const file = path.join(dir, 'secrets.json');
  const known = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<Secrets>) : {};
  makeRings(dir, (ring) => formerly(known, ring));
  const made = newSecrets();
  const names = Object.keys(made) as (keyof Secrets)[];
  const secrets = Object.fromEntries(
    names.map((name) => [name, known[name] ?? made[name]]),
  ) as unknown as Secrets;
  fs.writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

const newSecrets = (): Secrets => ({
  stripeSecretKey: `sk_test_${word(24)}`,
  stripePublishableKey: `pk_test_${word(24)}`,
  sendgridApiKey: `SG.${word(16)}.${word(32)}`,
  controlToken: word(32),
});

/** A folder of release 0.1 has its rings among the other secrets, and hashes addresses by the sealing ring. */
function formerly(known: object, ring: string): string | undefined {
  const { viewerKeys, ...others } = known as Record<string, string> & { viewerKeys?: Record<string, string> };
  const names: Record<string, string> = {
    offers: 'offerKeys',
    sessions: 'sessionKeys',
    sealing: 'sealingKeys',
    'blind-index': 'sealingKeys',
    'stripe-webhook': 'stripeWebhookSecret',
    'sendgrid-webhook': 'sendgridWebhookPublicKey',
    'sendgrid-webhook-private': 'sendgridWebhookPrivateKey',
  };
  if (ring.startsWith('viewer-')) return viewerKeys?.[ring.slice('viewer-'.length)];
  return others[names[ring] ?? ''];
}

/** Letters and digits only: it goes into lists that split at commas and colons. */
const word = (bytes: number): string => randomBytes(bytes).toString('hex');

// The secrets of one local stack: made once, kept in its folder, readable by its owner only.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { subgraphs } from './apps.js';

export interface Secrets {
  /** One ring per subgraph, `kid:secret`: the gateway has all, each subgraph its own. */
  readonly viewerKeys: Readonly<Record<string, string>>;
  readonly sealingKeys: string;
  readonly offerKeys: string;
  /** Signs the gateway's anonymous sessions. */
  readonly sessionKeys: string;
  readonly stripeSecretKey: string;
  readonly stripePublishableKey: string;
  readonly stripeWebhookSecret: string;
  readonly sendgridApiKey: string;
  /** PEM, on the curve that SendGrid signs with. */
  readonly sendgridWebhookPrivateKey: string;
  /** Base64 of DER (SPKI), as SendGrid shows it. */
  readonly sendgridWebhookPublicKey: string;
  /** Opens the supervisor's control port. */
  readonly controlToken: string;
}

/** Reads the folder's secrets; what is missing is made and written. */
export function secretsOf(dir: string): Secrets {
  const file = path.join(dir, 'secrets.json');
  const known = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<Secrets>) : {};
  const secrets = { ...newSecrets(), ...known };
  fs.writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

function newSecrets(): Secrets {
  const webhook = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    viewerKeys: Object.fromEntries(subgraphs.map((app) => [app, `v1:${word(32)}`])),
    sealingKeys: `s1:${randomBytes(32).toString('base64')}`,
    offerKeys: `o1:${word(32)}`,
    sessionKeys: `a1:${word(32)}`,
    stripeSecretKey: `sk_test_${word(24)}`,
    stripePublishableKey: `pk_test_${word(24)}`,
    stripeWebhookSecret: `whsec_${word(24)}`,
    sendgridApiKey: `SG.${word(16)}.${word(32)}`,
    sendgridWebhookPrivateKey: webhook.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    sendgridWebhookPublicKey: webhook.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    controlToken: word(32),
  };
}

/** Letters and digits only: it goes into lists that split at commas and colons. */
const word = (bytes: number): string => randomBytes(bytes).toString('hex');

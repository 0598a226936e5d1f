// SendGrid's signed event webhook: ECDSA on P-256 over the timestamp and the raw body.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { Sign } from '../world/delivery.js';
import type { Shelf } from '../world/journal.js';

export interface SigningKey {
  readonly privateKey: KeyObject;
  /** As SendGrid shows it: base64 of the DER, without PEM's first and last line. */
  readonly publicKey: string;
}

/** The key of this PEM, or else the one that was made before, or a fresh one. Throws when the PEM is not a P-256 key. */
export function signingKey(pem: string | undefined, made: Shelf<string>): SigningKey {
  const privateKey = createPrivateKey(pem ? pem.replaceAll('\\n', '\n') : keyMade(made));
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error('SENDGRID_WEBHOOK_PRIVATE_KEY must be a P-256 key.');
  }
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
  return { privateKey, publicKey };
}

function keyMade(made: Shelf<string>): string {
  const before = made.get('webhook');
  if (before) return before;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  made.set('webhook', pem);
  return pem;
}

/** Signature times are real: receivers compare them with their own clock. */
export const signedWith =
  ({ privateKey }: SigningKey): Sign =>
  (body) => {
    const timestamp = String(Math.floor(Date.now() / 1_000));
    return {
      'x-twilio-email-event-webhook-signature': sign(
        'sha256',
        Buffer.from(timestamp + body),
        privateKey,
      ).toString('base64'),
      'x-twilio-email-event-webhook-timestamp': timestamp,
    };
  };

// SendGrid's signed event webhook: ECDSA on P-256 over the timestamp and the raw body.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { firstOf } from '@caregraph/runtime';
import type { Sign } from '../world/delivery.js';
import type { Shelf } from '../world/journal.js';

/** The private key in this PEM. Throws when it is not on P-256. */
export function p256PrivateKey(pem: string): KeyObject {
  const key = createPrivateKey(pem.replaceAll('\\n', '\n'));
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('It is not a P-256 key.');
  return key;
}

/** The key that was made before, or a fresh one. */
export function keyMade(made: Shelf<string>): KeyObject {
  const before = made.get('webhook');
  if (before) return p256PrivateKey(before);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  made.set('webhook', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  return privateKey;
}

/** The public half of the one that signs, as SendGrid shows it: base64 of the DER, without PEM's first and last line. */
export const publicKeyOf = (keys: Iterable<KeyObject>): string =>
  createPublicKey(firstOf(keys)).export({ type: 'spki', format: 'der' }).toString('base64');

/** Signs with the first. Signature times are real: receivers compare them with their own clock. */
export const signedWith =
  (keys: Iterable<KeyObject>): Sign =>
  (body) => {
    const timestamp = String(Math.floor(Date.now() / 1_000));
    return {
      'x-twilio-email-event-webhook-signature': sign(
        'sha256',
        Buffer.from(timestamp + body),
        firstOf(keys),
      ).toString('base64'),
      'x-twilio-email-event-webhook-timestamp': timestamp,
    };
  };

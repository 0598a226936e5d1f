// SendGrid signs its events with ECDSA on P-256 over the timestamp and the raw body. The signature does not wear out,
// so an old or a future timestamp is refused here.
import { createPublicKey, verify, type KeyObject } from 'node:crypto';

const windowSeconds = 300;

/** The key as SendGrid shows it: base64 of the DER, or PEM. Throws on any other curve. */
export function webhookKey(text: string): KeyObject {
  const key = text.includes('-----BEGIN')
    ? createPublicKey(text.replaceAll('\\n', '\n'))
    : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('It is not a P-256 key.');
  return key;
}

export interface SignedBody {
  readonly raw: Buffer;
  readonly signature: string;
  /** Seconds since 1970, as sent. */
  readonly timestamp: string;
}

/** @param realNow the machine's own time in milliseconds: a development clock must not open the window. */
export function isGenuine(
  key: KeyObject,
  { raw, signature, timestamp }: SignedBody,
  realNow: number,
): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(realNow / 1_000 - Number(timestamp)) > windowSeconds) return false;
  return verify(
    'sha256',
    Buffer.concat([Buffer.from(timestamp), raw]),
    key,
    Buffer.from(signature, 'base64'),
  );
}

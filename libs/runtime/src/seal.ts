// Seals personal data with AES-256-GCM under a ring of keys. The context is bound to the text, so that a sealed value
// moved to another row or field does not open.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { firstOf, type Key } from './ring.js';

export interface Sealer {
  /** `context` names where it lies, for example `patient:<id>:contact`; the same is needed to open it. */
  seal(plain: string, context: string): string;
  /** Throws when the key is gone, the context differs or a bit was changed. */
  open(sealed: string, context: string): string;
  /** The names of the keys at this moment: the first seals, all open. */
  readonly kids: readonly string[];
}

const prefix = 'sealed.v1.';

/** @param ring the first key seals, all open; each secret is base64 of 32 bytes. It may change meanwhile. */
export function createSealer(ring: Iterable<Key>): Sealer {
  for (const key of ring) bytesOf(key);

  return {
    seal(plain, context) {
      const key = firstOf(ring);
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', bytesOf(key), nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${prefix}${key.kid}.${nonce.toString('base64url')}.${body.toString('base64url')}`;
    },
    open(sealed, context) {
      const [kid = '', nonce = '', text = ''] = sealed.slice(prefix.length).split('.');
      const key = [...ring].find((each) => each.kid === kid);
      if (!sealed.startsWith(prefix) || !key) throw new Error('This sealed value has no key in the ring.');
      const body = Buffer.from(text, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', bytesOf(key), Buffer.from(nonce, 'base64url'), {
        authTagLength: 16,
      });
      decipher.setAAD(Buffer.from(context)).setAuthTag(body.subarray(-16));
      return Buffer.concat([decipher.update(body.subarray(0, -16)), decipher.final()]).toString('utf8');
    },
    get kids() {
      return [...ring].map(({ kid }) => kid);
    },
  };
}

function bytesOf({ kid, secret }: Key): Buffer {
  const key = Buffer.from(secret, 'base64');
  if (key.length !== 32) throw new Error(`The sealing key ${kid} is not 32 bytes of base64.`);
  return key;
}

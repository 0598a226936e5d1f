// Seals personal data with AES-256-GCM under a ring of keys. The context is bound to the text, so that a sealed value
// moved to another row or field does not open.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export interface Sealer {
  /** `context` names where it lies, for example `patient:<id>:contact`; the same is needed to open it. */
  seal(plain: string, context: string): string;
  /** Throws when the key is gone, the context differs or a bit was changed. */
  open(sealed: string, context: string): string;
}

const prefix = 'sealed.v1.';

/** @param keys the first seals, all open; each secret is base64 of 32 bytes. */
export function createSealer(keys: readonly { readonly kid: string; readonly secret: string }[]): Sealer {
  const ring = new Map(keys.map(({ kid, secret }) => [kid, Buffer.from(secret, 'base64')]));
  const [first] = ring.keys();
  if (first === undefined) throw new Error('No sealing key.');
  for (const [kid, key] of ring)
    if (key.length !== 32) throw new Error(`The sealing key ${kid} is not 32 bytes of base64.`);

  return {
    seal(plain, context) {
      const key = ring.get(first) ?? Buffer.alloc(0);
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${prefix}${first}.${nonce.toString('base64url')}.${body.toString('base64url')}`;
    },
    open(sealed, context) {
      const [kid = '', nonce = '', text = ''] = sealed.slice(prefix.length).split('.');
      const key = ring.get(kid);
      if (!sealed.startsWith(prefix) || !key) throw new Error('This sealed value has no key in the ring.');
      const body = Buffer.from(text, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), {
        authTagLength: 16,
      });
      decipher.setAAD(Buffer.from(context)).setAuthTag(body.subarray(-16));
      return Buffer.concat([decipher.update(body.subarray(0, -16)), decipher.final()]).toString('utf8');
    },
  };
}

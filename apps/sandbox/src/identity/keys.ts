// The provider's signing keys: the newest signs, the older ones still verify, until they are dropped.
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { randomUUID } from 'node:crypto';
import type { Shelf } from '../world/journal.js';

export const algorithm = 'RS256';

export class SigningKeys {
  private constructor(private readonly kept: Shelf<readonly JWK[]>) {}

  /** The keys on the shelf; a first one is made when it is empty. */
  static async on(shelf: Shelf<readonly JWK[]>): Promise<SigningKeys> {
    const keys = new SigningKeys(shelf);
    if (keys.all.length === 0) await keys.rotate(true);
    return keys;
  }

  /** Private keys, newest first. */
  get all(): readonly JWK[] {
    return this.kept.get('newest-first') ?? [];
  }

  get newest(): JWK & { kid: string } {
    const [key] = this.all;
    if (!key?.kid) throw new Error('There is no signing key.');
    return { ...key, kid: key.kid };
  }

  /** Signs with a fresh key from now on. With `dropOld`, tokens of earlier keys verify no more. */
  async rotate(dropOld: boolean): Promise<void> {
    const key = await newKey();
    this.kept.set('newest-first', [key, ...(dropOld ? [] : this.all)]);
  }
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomUUID(), use: 'sig', alg: algorithm };
}

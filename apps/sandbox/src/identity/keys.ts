// The provider's signing keys: the newest signs, the older ones still verify, until they are dropped.
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { randomUUID } from 'node:crypto';

export const algorithm = 'RS256';

export class SigningKeys {
  private constructor(private keys: readonly JWK[]) {}

  static async generate(): Promise<SigningKeys> {
    return new SigningKeys([await newKey()]);
  }

  /** Private keys, newest first. */
  get all(): readonly JWK[] {
    return this.keys;
  }

  get newest(): JWK & { kid: string } {
    const [key] = this.keys;
    if (!key?.kid) throw new Error('There is no signing key.');
    return { ...key, kid: key.kid };
  }

  /** Signs with a fresh key from now on. With `dropOld`, tokens of earlier keys verify no more. */
  async rotate(dropOld: boolean): Promise<void> {
    this.keys = [await newKey(), ...(dropOld ? [] : this.keys)];
  }
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomUUID(), use: 'sig', alg: algorithm };
}

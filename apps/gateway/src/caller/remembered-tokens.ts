// A token that was verified just now is not verified again: checking a signature is most of what it costs to know a
// caller, and a client sends the same token with each request. Whether its session or his roles still count is asked
// each time all the same, elsewhere.
import { hash } from 'node:crypto';
import { skewSeconds, type AccessToken, type AccessTokenVerifier } from './access-token.js';

/** A key that the identity provider withdraws is believed for so much longer, in milliseconds. */
const rememberedMs = 60_000;
/** Far more callers than one gateway serves in a minute; beyond that the oldest go. */
const most = 10_000;

interface Remembered {
  readonly token: AccessToken;
  /** In milliseconds since 1970. */
  readonly until: number;
}

/** Verifies as `verify` does, each token at most once a minute; never one beyond its end. What fails is not remembered. */
export function rememberingVerifier(verify: AccessTokenVerifier): AccessTokenVerifier {
  // By hashes, so that no memory dump has tokens to use.
  const remembered = new Map<string, Remembered>();
  return async (text) => {
    const key = hash('sha256', text, 'base64url');
    const known = remembered.get(key);
    const now = Date.now();
    if (known && now < known.until) return known.token;
    const token = await verify(text);
    remembered.delete(key);
    if (remembered.size >= most) {
      const [oldest] = remembered.keys();
      if (oldest !== undefined) remembered.delete(oldest);
    }
    const ends = token.expiresAt.getTime() + skewSeconds * 1_000;
    remembered.set(key, { token, until: Math.min(now + rememberedMs, ends) });
    return token;
  };
}

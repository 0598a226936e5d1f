// Whose tokens are not accepted any more. Revocations are only ever added, so the order in which they arrive, by notice
// or by reading, does not matter.
import type { Revocation } from './source.js';

/** What of a token says whether it is meant. */
export interface TokenOrigin {
  readonly account: string;
  readonly sid: string | null;
  /** Seconds since 1970. */
  readonly issuedAt: number;
}

/** Stands for all sessions of an account; a session's id is never empty. */
const allSessions = '';

export class Revocations {
  private readonly byAccount = new Map<string, Map<string, Revocation>>();

  /** Whether it says more than was known. */
  add(revocation: Revocation): boolean {
    const { account, sessionId, issuedBefore } = revocation;
    const session = sessionId ?? allSessions;
    const own = this.byAccount.get(account);
    const known = own?.get(session);
    if (known && known.issuedBefore >= issuedBefore) return false;
    if (own) own.set(session, revocation);
    else this.byAccount.set(account, new Map([[session, revocation]]));
    return true;
  }

  covers({ account, sid, issuedAt }: TokenOrigin): boolean {
    const own = this.byAccount.get(account);
    if (!own) return false;
    const isMeant = (session: string): boolean => {
      const revocation = own.get(session);
      return revocation !== undefined && issuedAt * 1_000 < revocation.issuedBefore.getTime();
    };
    return isMeant(allSessions) || (sid !== null && isMeant(sid));
  }

  /** Drops those of whose tokens none can be alive. */
  forgetEnded(now: Date): void {
    for (const [account, own] of this.byAccount) {
      for (const [session, { endsAt }] of own) if (endsAt <= now) own.delete(session);
      if (own.size === 0) this.byAccount.delete(account);
    }
  }
}

// A revoked session: tokens of one session of an account, or of all of them, are not accepted any more. It never
// changes, and is forgotten once no such token can be alive.
import { Refusal, sessionRevoked, type EventOf } from '@caregraph/contracts';

export class SessionUnknown extends Refusal {
  readonly code = 'SESSION_UNKNOWN';
  readonly message = 'Your token names no session (`sid`): end all of them instead.';
}

export class SessionRevoked extends Refusal {
  readonly code = 'SESSION_REVOKED';
  readonly message = 'This session is revoked already.';
}

export class RevokedSession {
  id!: string;
  account!: string;
  /** A token's `sid`; null: all sessions of the account. */
  sessionId!: string | null;
  /** Tokens issued from then on are not meant. */
  issuedBefore!: Date;
  endsAt!: Date;
  createdAt!: Date;

  /** @param realNow tokens know no other time. */
  static of(
    meant: { readonly id: string; readonly account: string; readonly sessionId: string | null },
    realNow: Date,
    sessionMaxHours: number,
  ): RevokedSession {
    const endsAt = new Date(realNow.getTime() + sessionMaxHours * 3_600_000);
    // One session is over for good, also for tokens that somebody still refreshes; logging in again opens another.
    // Of all sessions only those that exist are meant.
    const issuedBefore = meant.sessionId === null ? realNow : endsAt;
    return Object.assign(new RevokedSession(), { ...meant, issuedBefore, endsAt, createdAt: realNow });
  }

  /** Whole state, for those who keep a copy. */
  revoked(): EventOf<typeof sessionRevoked> {
    return sessionRevoked.of({
      revocationId: this.id,
      account: this.account,
      sessionId: this.sessionId,
      issuedBefore: this.issuedBefore.toISOString(),
      endsAt: this.endsAt.toISOString(),
    });
  }
}

// A partner's key: with it a program of the partner asks the API, in one practice and within its scopes.
import { partnerKeyChanged, Refusal, type EventOf } from '@caregraph/contracts';
import { lifecycle, type PartnerKeyStatus } from './lifecycle.js';

type Changed = EventOf<typeof partnerKeyChanged>;

/** How many keys of a practice may count at the same time. */
export const mostKeys = 20;

export class PartnerKeyNotFound extends Refusal {
  readonly code = 'PARTNER_KEY_NOT_FOUND';
  readonly message = 'There is no such key that you may see.';
}

export class PartnerKeyRevoked extends Refusal {
  readonly code = 'PARTNER_KEY_REVOKED';
  readonly message = 'The key is revoked already.';
}

export class TooManyPartnerKeys extends Refusal {
  readonly code = 'TOO_MANY_PARTNER_KEYS';
  readonly message = `The practice has ${mostKeys} keys: revoke one first.`;
}

export class PartnerKey {
  id!: string;
  practiceId!: string;
  version = 1;
  /** The partner's. */
  name!: string;
  scopes!: string[];
  /** SHA-256 of the key, base64url. */
  hash!: string;
  /** The key's last four characters. */
  hint!: string;
  status: PartnerKeyStatus = 'ACTIVE';
  expiresAt: Date | null = null;
  createdAt!: Date;
  revokedAt: Date | null = null;

  /** @param realNow keys know no other time. */
  counts(realNow: Date): boolean {
    return this.status === 'ACTIVE' && (this.expiresAt === null || realNow < this.expiresAt);
  }

  revoke(now: Date): Changed | PartnerKeyRevoked {
    if (!(lifecycle.revoke.from as readonly PartnerKeyStatus[]).includes(this.status))
      return new PartnerKeyRevoked();
    this.status = lifecycle.revoke.to;
    this.revokedAt = now;
    this.version += 1;
    return this.changed();
  }

  /** Whole state, for those who keep a copy. */
  changed(): Changed {
    const { id: partnerKeyId, version, practiceId, name, scopes, hash, expiresAt, status } = this;
    return partnerKeyChanged.of({
      partnerKeyId,
      version,
      practiceId,
      name,
      scopes,
      hash,
      expiresAt: expiresAt?.toISOString() ?? null,
      active: status === 'ACTIVE',
    });
  }
}

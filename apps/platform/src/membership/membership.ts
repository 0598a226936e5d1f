// A membership: that an account has a role in a practice, or, as support, in all of them.
import { membershipChanged, Refusal, type EventOf } from '@caregraph/contracts';
import { lifecycle, type MembershipStatus } from './lifecycle.js';

/** What a person or a partner can be. The system's own role is no person's, so nobody can be given it. */
export const membershipRoles = ['admin', 'provider', 'staff', 'partner', 'support'] as const;
export type MembershipRole = (typeof membershipRoles)[number];

type Changed = EventOf<typeof membershipChanged>;

export class MembershipNotFound extends Refusal {
  readonly code = 'MEMBERSHIP_NOT_FOUND';
  readonly message = 'There is no such membership that you may see.';
}

export class MembershipExists extends Refusal {
  readonly code = 'MEMBERSHIP_EXISTS';
  readonly message = 'The account has this role there already.';
}

export class MembershipEnded extends Refusal {
  readonly code = 'MEMBERSHIP_ENDED';
  readonly message = 'The membership has ended already.';
}

export class AccountHasMemberships extends Refusal {
  readonly code = 'ACCOUNT_HAS_MEMBERSHIPS';
  readonly message = 'The account has roles: end its memberships first.';

  constructor(
    /** How many of them count. */
    readonly memberships: number,
  ) {
    super();
  }
}

export class LastAdmin extends Refusal {
  readonly code = 'LAST_ADMIN';
  readonly message = 'The practice would have no admin: only support may leave it without one.';
}

export class Membership {
  id!: string;
  version = 1;
  account!: string;
  /** Null: in all practices. */
  practiceId!: string | null;
  role!: MembershipRole;
  status: MembershipStatus = 'ACTIVE';
  /** Whose doing it was; null: the platform's own. */
  grantedBy: string | null = null;
  createdAt!: Date;
  endedBy: string | null = null;
  endedAt: Date | null = null;

  end(by: string | null, now: Date): Changed | MembershipEnded {
    if (!(lifecycle.end.from as readonly MembershipStatus[]).includes(this.status))
      return new MembershipEnded();
    this.status = lifecycle.end.to;
    this.endedBy = by;
    this.endedAt = now;
    this.version += 1;
    return this.changed();
  }

  /** @param pseudonym stands in the account's place from then on. */
  erase(pseudonym: string): Changed | AccountHasMemberships {
    if (!(lifecycle.erase.from as readonly MembershipStatus[]).includes(this.status))
      return new AccountHasMemberships(1);
    this.status = lifecycle.erase.to;
    this.account = pseudonym;
    this.version += 1;
    return this.changed();
  }

  /** Whole state, for those who keep a copy. */
  changed(): Changed {
    const { id: membershipId, version, account, practiceId, role, status } = this;
    return membershipChanged.of({
      membershipId,
      version,
      account,
      practiceId,
      role,
      active: status === 'ACTIVE',
    });
  }
}

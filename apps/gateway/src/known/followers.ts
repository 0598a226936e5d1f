// Callers who stay connected and must hear when what they may do has changed, by account.
import type { Membership } from '@caregraph/runtime';

export interface Follower {
  /** What he was let in with. */
  readonly memberships: readonly Membership[];
  /** Something about him may have changed: he is to be asked anew who he is. */
  readonly changed: () => void;
}

export class Followers {
  private readonly byAccount = new Map<string, Set<Follower>>();

  /** Returns how to stop. */
  add(account: string, follower: Follower): () => void {
    const own = this.byAccount.get(account);
    if (own) own.add(follower);
    else this.byAccount.set(account, new Set([follower]));
    return () => {
      const left = this.byAccount.get(account);
      left?.delete(follower);
      if (left?.size === 0) this.byAccount.delete(account);
    };
  }

  has(account: string): boolean {
    return this.byAccount.has(account);
  }

  accounts(): string[] {
    return [...this.byAccount.keys()];
  }

  /** Tells all of the account. */
  tell(account: string): void {
    for (const follower of [...(this.byAccount.get(account) ?? [])]) follower.changed();
  }

  /** Tells those who were let in with something else. */
  compare(account: string, memberships: readonly Membership[]): void {
    const present = JSON.stringify(memberships);
    for (const follower of [...(this.byAccount.get(account) ?? [])])
      if (JSON.stringify(follower.memberships) !== present) follower.changed();
  }
}

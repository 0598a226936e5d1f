// An erasure: that an account was forgotten here, and when. It does not say whose it was.
import { Refusal } from '@caregraph/contracts';

export class AccountNotKnown extends Refusal {
  readonly code = 'ACCOUNT_NOT_KNOWN';
  readonly message = 'Nothing here names this account.';
}

const prefix = 'erased:';

/** Whether this stands in the place of an account that was erased: it names nobody. */
export const isPseudonym = (account: string): boolean => account.startsWith(prefix);

export class Erasure {
  id!: string;
  erasedAt!: Date;

  /** What stands in the account's place from then on; the same for all that was one account's. */
  get pseudonym(): string {
    return prefix + this.id;
  }
}

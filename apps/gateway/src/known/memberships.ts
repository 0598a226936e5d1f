// Who has which roles, as far as somebody asked: read on demand, shared, and kept for the accounts used last.
import type { Membership } from '@caregraph/runtime';
import type { KnownSource } from './source.js';

interface Entry {
  readonly memberships: readonly Membership[];
  /** In milliseconds of `performance.now()`. */
  readonly readAt: number;
  freshUntil: number;
}

export interface MembershipLimits {
  /** So long a reading is taken for the present, in milliseconds: the net for notices that were lost. */
  readonly freshFor: number;
  /** So long it is used when it cannot be read again. */
  readonly usableFor: number;
  /** Accounts that are kept at most. */
  readonly most: number;
}

/** After a reading failed what is known is used for so long before the next try, in milliseconds. */
const pause = 1_000;
/** Accounts of one reading. */
const mostAtOnce = 500;

export class KnownMemberships {
  /** The present generation and the one before: when the present is half of what may be kept, it is the one before. */
  private young = new Map<string, Entry>();
  private old = new Map<string, Entry>();
  private readonly reading = new Map<string, Promise<readonly Membership[]>>();
  private next:
    { readonly accounts: string[]; readonly found: ReturnType<KnownSource['memberships']> } | undefined;

  constructor(
    private readonly source: Pick<KnownSource, 'memberships'>,
    private readonly limits: MembershipLimits,
  ) {}

  /** At once where they are known. Rejects where they can neither be read nor were read not long ago. */
  of(account: string): readonly Membership[] | Promise<readonly Membership[]> {
    const entry = this.entry(account);
    return entry && entry.freshUntil > performance.now() ? entry.memberships : this.read(account);
  }

  /** Reads them now, or shares a reading that has begun since something about them was heard. */
  read(account: string): Promise<readonly Membership[]> {
    const shared = this.reading.get(account);
    if (shared) return shared;
    const reading: Promise<readonly Membership[]> = this.readBatched(account).then(
      (memberships) => {
        // A notice that came meanwhile has taken it out: what was read may be from before.
        if (this.ends(account, reading)) this.keep(account, memberships);
        return memberships;
      },
      (error: unknown) => {
        this.ends(account, reading);
        return this.usable(account, error);
      },
    );
    this.reading.set(account, reading);
    return reading;
  }

  /** They have changed: what was known, and what is being read, counts no more. */
  forget(account: string): void {
    this.young.delete(account);
    this.old.delete(account);
    this.reading.delete(account);
  }

  /** Any may have changed unheard: each is read again before it is used, and used only if that fails. */
  doubtAll(): void {
    for (const entries of [this.young, this.old]) for (const entry of entries.values()) entry.freshUntil = 0;
    this.reading.clear();
  }

  /** Whether it is the one that others share. */
  private ends(account: string, reading: Promise<unknown>): boolean {
    return this.reading.get(account) === reading && this.reading.delete(account);
  }

  private usable(account: string, error: unknown): readonly Membership[] {
    const entry = this.entry(account);
    const now = performance.now();
    if (!entry || now - entry.readAt > this.limits.usableFor) throw error;
    entry.freshUntil = now + pause;
    return entry.memberships;
  }

  private entry(account: string): Entry | undefined {
    const young = this.young.get(account);
    if (young) return young;
    const entry = this.old.get(account);
    if (entry) this.add(account, entry);
    return entry;
  }

  private keep(account: string, memberships: readonly Membership[]): void {
    const readAt = performance.now();
    this.add(account, { memberships, readAt, freshUntil: readAt + this.limits.freshFor });
  }

  private add(account: string, entry: Entry): void {
    if (this.young.size >= this.limits.most / 2) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(account, entry);
  }

  /** All who ask in one turn are read at once: after a restart everybody comes back together. */
  private async readBatched(account: string): Promise<readonly Membership[]> {
    let batch = this.next;
    if (!batch || batch.accounts.length >= mostAtOnce) {
      const accounts: string[] = [];
      const found = Promise.resolve().then(() => {
        if (this.next?.accounts === accounts) this.next = undefined;
        return this.source.memberships(accounts);
      });
      this.next = batch = { accounts, found };
    }
    batch.accounts.push(account);
    return (await batch.found).get(account) ?? [];
  }
}

// What this replica knows of callers, in memory: a request asks nobody. Notices tell of changes at once; all is read
// again now and then, and whenever notices may have been missed (ADR 0028).
import { overrideFlag } from '@caregraph/contracts';
import type { Logger, Membership } from '@caregraph/runtime';
import { unavailable } from '@caregraph/subgraph';
import { Followers, type Follower } from './followers.js';
import { KnownMemberships } from './memberships.js';
import { readNotice, type Notice } from './notice.js';
import { hashOfKey, isAccountOfKey } from './partner-key.js';
import { Revocations, type TokenOrigin } from './revocations.js';
import type { FlagSet, KnownSource, PartnerKey } from './source.js';

export interface KnowledgeLimits {
  /** How often all is read again, and how long the memberships of an account count as read; milliseconds. */
  readonly freshFor: number;
  /** How long what was read is used when it cannot be read again, in milliseconds; then callers are refused. */
  readonly usableFor: number;
  /** Accounts whose memberships are kept. */
  readonly accounts: number;
}

export const knowledgeLimits: KnowledgeLimits = {
  freshFor: 30_000,
  usableFor: 15 * 60_000,
  accounts: 50_000,
};

/** After a reading failed it is tried again, in milliseconds. */
const pause = 1_000;
/** Revocations of so many seconds are read each time: those that were being written at the last reading among them. */
const overlap = 300;
/** Accounts whose followers are looked after in one turn. */
const atOnce = 500;

export interface KnowledgeOptions {
  readonly source: KnownSource;
  readonly log: Logger;
  readonly limits?: Partial<KnowledgeLimits>;
}

export class Knowledge {
  private readonly limits: KnowledgeLimits;
  private readonly members: KnownMemberships;
  private readonly revocations = new Revocations();
  private readonly followers = new Followers();
  private readonly labelFollowers = new Set<() => void>();
  private keys: ReadonlyMap<string, PartnerKey> = new Map();
  private flags: ReadonlyMap<string, FlagSet['value']> = new Map();
  /** In milliseconds of `performance.now()`. */
  private readAt = -Infinity;
  private reading: Promise<void> | undefined;
  private isOutdated = false;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(private readonly options: KnowledgeOptions) {
    this.limits = { ...knowledgeLimits, ...options.limits };
    const { freshFor, usableFor, accounts: most } = this.limits;
    this.members = new KnownMemberships(options.source, { freshFor, usableFor, most });
  }

  /** Seconds since all was read last; infinite before. */
  get ageSeconds(): number {
    return (performance.now() - this.readAt) / 1_000;
  }

  /** At once where they are known. Throws or rejects with UNAVAILABLE where they cannot be had. */
  membershipsOf(account: string): readonly Membership[] | Promise<readonly Membership[]> {
    const known = this.members.of(account);
    if (!(known instanceof Promise)) return known;
    return known.catch((error: unknown) => {
      this.options.log.warn({ err: error }, 'memberships cannot be read');
      throw notKnown();
    });
  }

  /** Throws UNAVAILABLE where it is not known. */
  isRevoked(token: TokenOrigin): boolean {
    this.checkKnown();
    return this.revocations.covers(token);
  }

  /** Undefined for one that there is not, or not any more. Throws UNAVAILABLE where it is not known. */
  partnerKey(presented: string): PartnerKey | undefined {
    this.checkKnown();
    const key = this.keys.get(hashOfKey(presented) ?? '');
    return key && (key.expiresAt === null || key.expiresAt.getTime() > Date.now()) ? key : undefined;
  }

  /** Whether fields that carry this label of `@override` have moved; not until somebody says so. */
  readonly isMoved = (label: string): boolean => this.flags.get(overrideFlag(label)) === true;

  /** Tells when the rights of a connected caller may have changed. Returns how to stop. */
  follow(account: string, follower: Follower): () => void {
    return this.followers.add(account, follower);
  }

  /** Tells when a label of `@override` was switched. Returns how to stop. */
  followLabels(changed: () => void): () => void {
    this.labelFollowers.add(changed);
    return () => this.labelFollowers.delete(changed);
  }

  /** Takes a notice. */
  hear(text: string): void {
    const notice = readNotice(text);
    if (notice) this.act(notice);
  }

  /** Notices are heard from now on; what was told before may have been missed. */
  listens(): void {
    this.members.doubtAll();
    void this.refresh();
  }

  /** Reads all, now and then again until it is stopped. Resolves when it was tried. */
  refresh(): Promise<void> {
    this.isOutdated = true;
    return (this.reading ??= this.readUntilCurrent());
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  /** Throws UNAVAILABLE unless all was read not long ago. */
  checkKnown(): void {
    if (performance.now() - this.readAt > this.limits.usableFor) throw notKnown();
  }

  private act(notice: Notice): void {
    switch (notice.kind) {
      case 'memberships':
        this.members.forget(notice.account);
        if (this.followers.has(notice.account)) void this.compare(notice.account);
        return;
      case 'revoked':
        if (this.revocations.add(notice)) this.followers.tell(notice.account);
        return;
      case 'partner-keys':
      case 'flags':
        void this.refresh();
        return;
    }
  }

  private async readUntilCurrent(): Promise<void> {
    clearTimeout(this.timer);
    let next = this.limits.freshFor;
    try {
      // A notice that comes meanwhile may be about what was read before it.
      while (this.isOutdated) {
        this.isOutdated = false;
        await this.readAll();
        await this.compareAll();
      }
    } catch (error) {
      this.options.log.warn({ err: error }, 'what is known of callers cannot be read again');
      next = pause;
      if (this.ageSeconds * 1_000 > this.limits.usableFor) this.tellAll();
    }
    this.reading = undefined;
    if (!this.isStopped) this.timer = setTimeout(() => void this.refresh(), next).unref();
  }

  private async readAll(): Promise<void> {
    const { source } = this.options;
    const begun = performance.now();
    const within = this.ageSeconds < overlap / 2 ? overlap : null;
    const [revoked, keys, flags] = await Promise.all([
      source.revocations(within),
      source.partnerKeys(),
      source.flags(),
    ]);
    for (const revocation of revoked)
      if (this.revocations.add(revocation)) this.followers.tell(revocation.account);
    this.revocations.forgetEnded(new Date());
    this.keys = new Map(keys.map((key) => [key.hash, key]));
    const before = this.labelsMoved();
    this.flags = new Map(flags.map(({ flag, value }) => [flag, value]));
    this.readAt = begun;
    if (this.labelsMoved() !== before) for (const changed of this.labelFollowers) changed();
  }

  /** Looks after all who are connected: a notice about them may have been lost. */
  private async compareAll(): Promise<void> {
    const accounts = this.followers.accounts();
    for (let from = 0; from < accounts.length; from += atOnce)
      await Promise.all(accounts.slice(from, from + atOnce).map((account) => this.compare(account)));
  }

  private async compare(account: string): Promise<void> {
    if (isAccountOfKey(account)) {
      this.followers.tell(account);
      return;
    }
    try {
      this.followers.compare(account, await this.members.read(account));
    } catch {
      // They have changed, and cannot be read.
      this.followers.tell(account);
    }
  }

  private labelsMoved(): string {
    const on = [...this.flags].flatMap(([flag, value]) =>
      flag.startsWith(overrideFlag('')) && value === true ? [flag] : [],
    );
    return on.sort().join();
  }

  private tellAll(): void {
    for (const account of this.followers.accounts()) this.followers.tell(account);
  }
}

const notKnown = (): Error =>
  unavailable('What the caller may do is not known at present. Try again in a moment.');

// A source of knowledge for specs: rows in memory in the place of tables, and a database that can be away.
import type { Membership } from '@caregraph/runtime';
import type { Notice } from '../known/notice.js';
import type { FlagSet, KnownSource, PartnerKey, Revocation } from '../known/source.js';

export class KnownRows implements KnownSource {
  readonly members = new Map<string, readonly Membership[]>();
  revoked: Revocation[] = [];
  keys: PartnerKey[] = [];
  flagged: FlagSet[] = [];
  /** How often memberships were read, with how many accounts each time. */
  readonly readings: number[] = [];
  isAway = false;
  /** What is to happen between the reading of memberships and its answer. */
  meanwhile: (() => Promise<void>) | undefined;

  async memberships(accounts: readonly string[]): Promise<ReadonlyMap<string, readonly Membership[]>> {
    this.check();
    this.readings.push(accounts.length);
    const found = new Map(accounts.map((account) => [account, this.members.get(account) ?? []]));
    await this.meanwhile?.();
    return found;
  }

  revocations(): Promise<readonly Revocation[]> {
    return this.answer(this.revoked);
  }

  partnerKeys(): Promise<readonly PartnerKey[]> {
    return this.answer(this.keys);
  }

  flags(): Promise<readonly FlagSet[]> {
    return this.answer(this.flagged);
  }

  private async answer<Row>(rows: readonly Row[]): Promise<readonly Row[]> {
    await Promise.resolve();
    this.check();
    return [...rows];
  }

  private check(): void {
    if (this.isAway) throw new Error('connect ECONNREFUSED');
  }
}

/** As a notice is told. */
export const told = (notice: Notice): string => JSON.stringify(notice);

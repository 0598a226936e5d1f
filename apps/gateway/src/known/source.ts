// Reads the gateway's copies.
import { circuitBreaker, ConsecutiveBreaker, handleAll } from 'cockatiel';
import type { Pool, QueryResultRow } from 'pg';
import type { Membership } from '@caregraph/runtime';

export interface Revocation {
  readonly account: string;
  /** Null for all sessions of the account. */
  readonly sessionId: string | null;
  /** Tokens issued at or after it are not meant. */
  readonly issuedBefore: Date;
  readonly endsAt: Date;
}

export interface PartnerKey {
  readonly id: string;
  readonly practiceId: string;
  readonly scopes: readonly string[];
  /** SHA-256 of the whole key, base64url. */
  readonly hash: string;
  readonly expiresAt: Date | null;
}

export interface FlagSet {
  readonly flag: string;
  readonly value: boolean | number | null;
}

export interface KnownSource {
  /** The active ones, always in the same order; accounts without any are left out. */
  memberships(accounts: readonly string[]): Promise<ReadonlyMap<string, readonly Membership[]>>;
  /** @param recordedWithin of the last so many seconds only; null for all. */
  revocations(recordedWithin: number | null): Promise<readonly Revocation[]>;
  /** The active ones. */
  partnerKeys(): Promise<readonly PartnerKey[]>;
  flags(): Promise<readonly FlagSet[]>;
}

type Queries = Pick<Pool, 'query'>;

export function databaseSource(pool: Queries): KnownSource {
  // After failures in a row nobody waits for a database that is gone.
  const policy = circuitBreaker(handleAll, { halfOpenAfter: 1_000, breaker: new ConsecutiveBreaker(3) });
  const rowsOf = async <Row extends QueryResultRow>(
    text: string,
    values: unknown[] = [],
  ): Promise<readonly Row[]> => (await policy.execute(() => pool.query<Row>(text, values))).rows;

  return {
    memberships: async (accounts) => {
      const rows = await rowsOf<Membership & { account: string }>(
        `select distinct account, practice_id as "practiceId", role from known_membership
          where active and account = any($1) order by account, practice_id, role`,
        [accounts],
      );
      const known = new Map<string, Membership[]>();
      for (const { account, practiceId, role } of rows) {
        const own = known.get(account);
        if (own) own.push({ practiceId, role });
        else known.set(account, [{ practiceId, role }]);
      }
      return known;
    },
    revocations: (recordedWithin) =>
      rowsOf<Revocation>(
        `select account, session_id as "sessionId", issued_before as "issuedBefore", ends_at as "endsAt"
           from known_revocation
          where ends_at > now() and ($1::int is null or recorded_at > now() - make_interval(secs => $1::int))`,
        [recordedWithin],
      ),
    partnerKeys: () =>
      rowsOf<PartnerKey>(
        `select id, practice_id as "practiceId", scopes, hash, expires_at as "expiresAt"
           from known_partner_key where active`,
      ),
    flags: () => rowsOf<FlagSet>('select flag, value from known_flag'),
  };
}

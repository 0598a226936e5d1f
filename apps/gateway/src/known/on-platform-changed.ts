// The platform's events, kept as the gateway's own copies. A lower or equal version is dropped.
import type { EntityManager } from '@mikro-orm/postgresql';
import {
  featureFlagChanged,
  membershipChanged,
  partnerKeyChanged,
  sessionRevoked,
} from '@caregraph/contracts';
import { consumer } from '@caregraph/messaging';
import { tell } from './notice.js';

export interface KeepDeps {
  readonly em: EntityManager;
}

export const onMembershipChanged = consumer(membershipChanged, async ({ em }: KeepDeps, membership) => {
  const { membershipId, version, account, practiceId, role, active } = membership;
  await em.execute(
    `insert into known_membership as known (id, version, account, practice_id, role, active)
     values (?, ?, ?, ?, ?, ?)
     on conflict (id) do update set version = excluded.version, account = excluded.account,
       practice_id = excluded.practice_id, role = excluded.role, active = excluded.active
       where known.version < excluded.version`,
    [membershipId, version, account, practiceId, role, active],
  );
  await tell(em, { kind: 'memberships', account });
});

/** It never changes, and what has ended is of no use any more: tokens go by the real time. */
export const onSessionRevoked = consumer(sessionRevoked, async ({ em }: KeepDeps, revoked) => {
  const { revocationId, account, sessionId, issuedBefore, endsAt } = revoked;
  await em.execute(
    `insert into known_revocation (id, account, session_id, issued_before, ends_at)
     values (?, ?, ?, ?::timestamptz, ?::timestamptz) on conflict (id) do nothing`,
    [revocationId, account, sessionId, issuedBefore, endsAt],
  );
  await em.execute('delete from known_revocation where ends_at < now()');
  await tell(em, {
    kind: 'revoked',
    account,
    sessionId,
    issuedBefore: new Date(issuedBefore),
    endsAt: new Date(endsAt),
  });
});

export const onPartnerKeyChanged = consumer(partnerKeyChanged, async ({ em }: KeepDeps, key) => {
  const { partnerKeyId, version, practiceId, scopes, hash, expiresAt, active } = key;
  await em.execute(
    `insert into known_partner_key as known (id, version, practice_id, scopes, hash, expires_at, active)
     values (?, ?, ?, ?::jsonb, ?, ?::timestamptz, ?)
     on conflict (id) do update set version = excluded.version, practice_id = excluded.practice_id,
       scopes = excluded.scopes, hash = excluded.hash, expires_at = excluded.expires_at, active = excluded.active
       where known.version < excluded.version`,
    [partnerKeyId, version, practiceId, JSON.stringify(scopes), hash, expiresAt, active],
  );
  await tell(em, { kind: 'partner-keys' });
});

export const onFeatureFlagChanged = consumer(featureFlagChanged, async ({ em }: KeepDeps, state) => {
  const { flag, version, value } = state;
  await em.execute(
    `insert into known_flag as known (flag, version, value) values (?, ?, ?::jsonb)
     on conflict (flag) do update set version = excluded.version, value = excluded.value
       where known.version < excluded.version`,
    [flag, version, JSON.stringify(value)],
  );
  await tell(em, { kind: 'flags' });
});

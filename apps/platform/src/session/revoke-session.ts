// Writes a revocation: the one place where it is made, whoever asks for it.
import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { record } from '../audit/record.js';
import type { Deps } from '../deps.js';
import { RevokedSession } from './revoked-session.js';

export interface Meant {
  readonly account: string;
  /** Null: all sessions of the account. */
  readonly sessionId: string | null;
}

/** The revocation of this one session; those of one account are made one after the other. */
export async function findRevoked(
  em: EntityManager,
  { account, sessionId }: Meant,
): Promise<RevokedSession | null> {
  await em.execute(`select pg_advisory_xact_lock(hashtextextended(?, 7))`, [account]);
  return sessionId === null ? null : em.findOne(RevokedSession, { account, sessionId });
}

/** In the transaction of `em`, after `findRevoked` found none. */
export function revoke(
  deps: Pick<Deps, 'em' | 'viewer' | 'now' | 'realNow' | 'sessionMaxHours'>,
  meant: Meant,
): RevokedSession {
  const revoked = RevokedSession.of({ id: randomUUID(), ...meant }, deps.realNow, deps.sessionMaxHours);
  deps.em.persist(revoked);
  record(deps, revoked.revoked(), {
    id: revoked.id,
    practiceId: null,
    type: 'session_revoked',
    data: {},
    whom: { ...meant },
  });
  return revoked;
}

// How a revoked session lies in PostgreSQL.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { RevokedSession } from './revoked-session.js';

const instant = () => p.datetime().columnType('timestamptz');

export const RevokedSessionSchema = defineEntity({
  class: RevokedSession,
  tableName: 'revoked_session',
  properties: {
    id: p.uuid().primary(),
    account: p.string(),
    sessionId: p.string().nullable(),
    issuedBefore: instant(),
    endsAt: instant(),
    createdAt: instant(),
  },
});

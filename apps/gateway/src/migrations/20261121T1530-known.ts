// The gateway's copies of what the platform says: who may do what, whose sessions are over, which keys there are, what
// is switched on.
import { Migration } from '@mikro-orm/migrations';

export class KnownMigration extends Migration {
  override up(): void {
    this.addSql(`
      create table known_membership (
        id uuid primary key,
        version integer not null,
        account text not null,
        practice_id uuid,
        role text not null,
        active boolean not null
      )`);
    // One that has ended stays, so that an older event does not bring it back.
    this.addSql('create index known_membership_account on known_membership (account) where active');
    this.addSql(`
      create table known_revocation (
        id uuid primary key,
        account text not null,
        session_id text,
        issued_before timestamptz not null,
        ends_at timestamptz not null,
        recorded_at timestamptz not null default now()
      )`);
    this.addSql('create index known_revocation_recorded_at on known_revocation (recorded_at)');
    this.addSql('create index known_revocation_ends_at on known_revocation (ends_at)');
    this.addSql(`
      create table known_partner_key (
        id uuid primary key,
        version integer not null,
        practice_id uuid not null,
        scopes jsonb not null,
        hash text not null,
        expires_at timestamptz,
        active boolean not null
      )`);
    this.addSql(`
      create table known_flag (
        flag text primary key,
        version integer not null,
        value jsonb
      )`);
  }
}

import { Migration } from '@mikro-orm/migrations';

/** Sessions whose tokens are not accepted any more, until no such token can be alive. */
export class RevokedSessionMigration extends Migration {
  override up(): void {
    this.addSql(`create table revoked_session (
      id uuid primary key,
      account text not null,
      session_id text,
      issued_before timestamptz not null,
      ends_at timestamptz not null,
      created_at timestamptz not null
    )`);
    this.addSql('create unique index on revoked_session (account, session_id)');
    this.addSql('create index on revoked_session (ends_at)');
  }
}

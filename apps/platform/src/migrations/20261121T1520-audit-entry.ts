import { Migration } from '@mikro-orm/migrations';

/** Who changed what: appended to, never changed, whoever asks. */
export class AuditEntryMigration extends Migration {
  override up(): void {
    this.addSql(`create table audit_entry (
      id uuid primary key,
      seq bigint generated always as identity,
      practice_id uuid,
      subject_type text not null,
      subject_id uuid not null,
      type text not null,
      data jsonb not null,
      actor_type text not null,
      actor_sub text,
      request_id text not null,
      ip_address text,
      user_agent text,
      source text not null,
      at timestamptz not null
    )`);
    this.addSql('create index on audit_entry (subject_id, seq)');
    this.addSql('create index on audit_entry (type, at desc)');
    this.addSql(`create function audit_entry_is_immutable() returns trigger language plpgsql as $$
      begin raise exception 'the audit trail cannot be changed'; end $$`);
    this.addSql(`create trigger audit_entry_immutable before update or delete or truncate on audit_entry
      for each statement execute function audit_entry_is_immutable()`);
  }
}

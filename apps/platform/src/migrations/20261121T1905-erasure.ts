import { Migration } from '@mikro-orm/migrations';

/** That accounts were erased, without saying which. */
export class ErasureMigration extends Migration {
  override up(): void {
    this.addSql('create table erasure (id uuid primary key, erased_at timestamptz not null)');
    // As the owner, since the app's role changes no entry; the trigger asks that the trail tells of the erasure.
    this.addSql(`create function erase_audit_people(account text, erasure uuid) returns void
      language sql security definer set search_path = public, pg_temp as $$
      update audit_entry set actor_sub = null, ip_address = null, user_agent = null, actor_salt = null, erasure_id = $2
        where actor_sub = $1;
      update audit_entry set whom = null, whom_salt = null, erasure_id = $2 where whom ->> 'account' = $1 $$`);
  }
}

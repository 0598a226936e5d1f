import { Migration } from '@mikro-orm/migrations';

const personal = `new.personal_salt, new.actor_sub, new.ip_address, new.user_agent`;

/**
 * The trail as a hash chain per appointment: each entry's hash covers its content and the hash before it, and the head
 * is kept apart, so that a missing last entry shows. What names a person goes in as a salted digest: it can be erased
 * later without breaking the chain (`chain.ts` computes the same).
 */
export class AuditChainMigration extends Migration {
  override up(): void {
    this.addSql(`alter table audit_entry add column position int, add column personal_salt text,
      add column personal_digest text, add column hash text`);
    this.addSql(`create table audit_chain (
      appointment_id uuid primary key,
      practice_id uuid not null,
      entries int not null,
      hash text not null
    )`);
    this
      .addSql(`create function audit_digest(variadic fields text[]) returns text language sql immutable as $$
      select encode(sha256(convert_to(string_agg(
        coalesce(octet_length(field) || ':' || field, '-'), ',' order by place), 'UTF8')), 'hex')
      from unnest(fields) with ordinality as f(field, place) $$`);
    this
      .addSql(`create function audit_entry_hash(e audit_entry, before text) returns text language sql immutable as $$
      select audit_digest(before, e.id::text, e.practice_id::text, e.appointment_id::text, e.position::text, e.type,
        e.previous_status, e.new_status, e.version::text, e.data::text, e.actor_type, e.personal_digest, e.request_id,
        e.source, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) $$`);
    // As the owner: the app's role appends entries and cannot touch the heads.
    this.addSql(`create function chain_audit_entry() returns trigger
      language plpgsql security definer set search_path = public, pg_temp as $$
      declare
        head audit_chain;
      begin
        insert into audit_chain values (new.appointment_id, new.practice_id, 0, '') on conflict do nothing;
        select * into head from audit_chain where appointment_id = new.appointment_id for update;
        new.position := head.entries + 1;
        new.personal_salt := gen_random_uuid()::text;
        new.personal_digest := audit_digest(${personal});
        new.hash := audit_entry_hash(new, head.hash);
        update audit_chain set entries = new.position, hash = new.hash where appointment_id = new.appointment_id;
        return new;
      end $$`);
    this.backFill();
    this.addSql(`alter table audit_entry alter position set not null, alter personal_digest set not null,
      alter hash set not null, add unique (appointment_id, position)`);
    this.addSql(`create trigger audit_entry_chained before insert on audit_entry
      for each row execute function chain_audit_entry()`);
    this.protect();
  }

  /** What was written before there was a chain is chained in its order. */
  private backFill(): void {
    this.addSql('drop trigger audit_entry_immutable on audit_entry');
    this.addSql(`do $$
      declare
        e audit_entry;
        head audit_chain;
      begin
        for e in select * from audit_entry order by appointment_id, seq loop
          if e.appointment_id is distinct from head.appointment_id then
            head := row(e.appointment_id, e.practice_id, 0, '');
          end if;
          e.position := head.entries + 1;
          e.personal_salt := gen_random_uuid()::text;
          e.personal_digest := audit_digest(e.personal_salt, e.actor_sub, e.ip_address, e.user_agent);
          e.hash := audit_entry_hash(e, head.hash);
          update audit_entry set position = e.position, personal_salt = e.personal_salt,
            personal_digest = e.personal_digest, hash = e.hash where id = e.id;
          head.entries := e.position;
          head.hash := e.hash;
          insert into audit_chain values (head.*)
            on conflict (appointment_id) do update set entries = excluded.entries, hash = excluded.hash;
        end loop;
      end $$`);
  }

  /** Nobody changes or deletes an entry; only what names a person can be taken out, all of it at once. */
  private protect(): void {
    this.addSql(`create trigger audit_entry_immutable before delete or truncate on audit_entry
      for each statement execute function audit_entry_is_immutable()`);
    this.addSql(`create function audit_entry_may_be_erased() returns trigger language plpgsql as $$
      declare
        named text[] := array['actor_sub', 'ip_address', 'user_agent', 'personal_salt'];
      begin
        if to_jsonb(new) - named is distinct from to_jsonb(old) - named or num_nonnulls(${personal}) > 0 then
          raise exception 'the audit trail cannot be changed';
        end if;
        return new;
      end $$`);
    this.addSql(`create trigger audit_entry_unchanged before update on audit_entry
      for each row execute function audit_entry_may_be_erased()`);
    this.addSql(`do $$
      declare
        app text := regexp_replace(current_user, '_owner$', '_app');
      begin
        if exists (select from pg_roles where rolname = app) then
          execute format('revoke update, delete, truncate on audit_entry from %I', app);
          execute format('revoke insert, update, delete, truncate on audit_chain from %I', app);
        end if;
      end $$`);
  }
}

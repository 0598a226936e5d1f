import { Migration } from '@mikro-orm/migrations';

const actor = 'new.actor_salt, new.actor_sub, new.ip_address, new.user_agent';

/**
 * The trail as a hash chain per subject, as booking's is per appointment: each entry's hash covers its content and the
 * hash before it, and the head is kept apart. Who did it, and to whom, go in as salted digests, which can be erased
 * without breaking the chain (`verify-audit.ts` computes the same).
 */
export class AuditChainMigration extends Migration {
  override up(): void {
    this
      .addSql(`alter table audit_entry add column whom jsonb, add column position int, add column actor_salt text,
      add column actor_digest text, add column whom_salt text, add column whom_digest text, add column hash text,
      add column erasure_id uuid`);
    this.addSql(`create table audit_chain (
      subject_id uuid primary key,
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
      select audit_digest(before, e.id::text, e.practice_id::text, e.subject_type, e.subject_id::text, e.position::text,
        e.type, e.data::text, e.actor_type, e.actor_digest, e.whom_digest, e.request_id, e.source,
        to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) $$`);
    // As the owner: the app's role appends entries and cannot touch the heads.
    this.addSql(`create function chain_audit_entry() returns trigger
      language plpgsql security definer set search_path = public, pg_temp as $$
      declare
        head audit_chain;
      begin
        insert into audit_chain values (new.subject_id, 0, '') on conflict do nothing;
        select * into head from audit_chain where subject_id = new.subject_id for update;
        new.position := head.entries + 1;
        new.actor_salt := gen_random_uuid()::text;
        new.actor_digest := audit_digest(${actor});
        if new.whom is not null then
          new.whom_salt := gen_random_uuid()::text;
          new.whom_digest := audit_digest(new.whom_salt, new.whom::text);
        end if;
        new.hash := audit_entry_hash(new, head.hash);
        update audit_chain set entries = new.position, hash = new.hash where subject_id = new.subject_id;
        return new;
      end $$`);
    this.backFill();
    this.addSql(`alter table audit_entry alter position set not null, alter actor_digest set not null,
      alter hash set not null, add check (whom is null or whom_digest is not null), add unique (subject_id, position)`);
    this.addSql('create index on audit_entry (actor_sub)');
    this.addSql(`create index on audit_entry ((whom ->> 'account'))`);
    this.protect();
  }

  /** What was written before there was a chain is written again in its order; whom it is about leaves the content. */
  private backFill(): void {
    this.addSql('drop trigger audit_entry_immutable on audit_entry');
    this.addSql('create temporary table entry_before on commit drop as select * from audit_entry');
    this.addSql('truncate audit_entry');
    this.addSql(`create trigger audit_entry_chained before insert on audit_entry
      for each row execute function chain_audit_entry()`);
    this
      .addSql(`insert into audit_entry (id, seq, practice_id, subject_type, subject_id, type, data, whom, actor_type,
        actor_sub, request_id, ip_address, user_agent, source, at)
      overriding system value
      select id, seq, practice_id, subject_type, subject_id, type, data - '{account,sessionId}'::text[],
        case when data ? 'account' then data - 'role' end, actor_type, actor_sub, request_id, ip_address, user_agent,
        source, at
      from entry_before order by seq`);
  }

  /** Nobody changes or deletes an entry; only a person can be taken out, wholly, by an erasure that the trail tells of. */
  private protect(): void {
    this.addSql(`create trigger audit_entry_immutable before delete or truncate on audit_entry
      for each statement execute function audit_entry_is_immutable()`);
    this.addSql(`create function audit_entry_may_be_erased() returns trigger language plpgsql as $$
      declare
        named text[] := array['actor_sub', 'ip_address', 'user_agent', 'actor_salt', 'whom', 'whom_salt', 'erasure_id'];
      begin
        if to_jsonb(new) - named is distinct from to_jsonb(old) - named
          or (num_nonnulls(${actor}) > 0 and (${actor}) is distinct from
              (old.actor_salt, old.actor_sub, old.ip_address, old.user_agent))
          or (num_nonnulls(new.whom, new.whom_salt) > 0 and (new.whom, new.whom_salt) is distinct from
              (old.whom, old.whom_salt))
          or not exists (select from audit_entry e where e.type = 'account_erased' and e.subject_id = new.erasure_id)
        then
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

// The tables of the outbox, the inbox and the dead letters, the same in the database of each app.
import { Migration } from '@mikro-orm/migrations';

class Messaging extends Migration {
  override up(): void {
    this.addSql(`
      create table outbox (
        id uuid primary key,
        seq bigserial not null,
        aggregatetype text not null,
        aggregateid text not null,
        type text not null,
        payload jsonb not null,
        created_at timestamptz not null,
        published_at timestamptz
      )`);
    this.addSql('create index outbox_unpublished on outbox (seq) where published_at is null');
    this.addSql('create index outbox_published_at on outbox (published_at) where published_at is not null');
    this.addSql(`
      create function announce_outbox() returns trigger language plpgsql as $$
      begin
        perform pg_notify('outbox', '');
        return null;
      end $$`);
    this.addSql(
      'create trigger outbox_announced after insert on outbox for each statement execute function announce_outbox()',
    );
    this.addSql(`
      create table inbox (
        group_name text not null,
        event_id text not null,
        processed_at timestamptz not null,
        primary key (group_name, event_id)
      )`);
    this.addSql('create index inbox_processed_at on inbox (processed_at)');
    this.addSql(`
      create table dead_letter (
        id uuid primary key default gen_random_uuid(),
        seq bigserial not null,
        group_name text not null,
        topic text not null,
        key text not null,
        event_id text not null,
        type text not null,
        payload jsonb not null,
        status text not null check (status in ('PARKED', 'WAITING', 'REPLAYED', 'SKIPPED')),
        attempts int not null,
        reason text,
        created_at timestamptz not null,
        replay_requested_at timestamptz,
        resolved_at timestamptz,
        unique (group_name, event_id)
      )`);
    this.addSql(`
      create index dead_letter_open on dead_letter (group_name, topic, key, seq)
        where status in ('PARKED', 'WAITING')`);
  }
}

/** What each app adds to its list of migrations. */
export const messagingMigrations = [{ name: '20261121T0900-messaging', class: Messaging }];

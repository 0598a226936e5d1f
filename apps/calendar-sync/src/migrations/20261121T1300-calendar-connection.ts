import { Migration } from '@mikro-orm/migrations';

/** Providers as scheduling tells of them, and the one calendar connection that each has. */
export class CalendarConnectionMigration extends Migration {
  override up(): void {
    this.addSql(`create table known_provider (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      account text
    )`);
    this.addSql(`create table calendar_connection (
      id uuid primary key,
      practice_id uuid not null,
      state text not null check (state in ('NOT_CONNECTED', 'CONNECTED', 'STALE', 'RECONNECT_NEEDED')),
      version int not null,
      last_synced_at timestamptz,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`);
  }
}

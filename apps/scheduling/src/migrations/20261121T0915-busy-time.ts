import { Migration } from '@mikro-orm/migrations';

/** What scheduling has learnt from events: booking's claims, and the states of outside calendars. */
export class BusyTimeMigration extends Migration {
  override up(): void {
    this.addSql(`create table busy_owner (
      owner_id uuid primary key,
      practice_id uuid not null,
      version int not null
    )`);
    this.addSql(`create table busy_interval (
      owner_id uuid not null references busy_owner (owner_id),
      practice_id uuid not null,
      subject_id uuid not null,
      start_at timestamptz not null,
      end_at timestamptz not null,
      expires_at timestamptz,
      check (start_at < end_at)
    )`);
    this.addSql('create index on busy_interval (owner_id)');
    // The end comes first: what is over is never read, and what lies ahead is bounded by the maximum advance.
    this.addSql('create index on busy_interval (subject_id, end_at, start_at)');
    this.addSql(`create table known_calendar (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      state text not null
    )`);
  }
}

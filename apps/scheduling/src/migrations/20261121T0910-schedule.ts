import { Migration } from '@mikro-orm/migrations';

/** When providers work: the hours of every week, and single dates that differ. */
export class ScheduleMigration extends Migration {
  override up(): void {
    this.addSql(`create table weekly_hours (
      id uuid primary key references provider (id),
      practice_id uuid not null,
      version int not null,
      blocks jsonb not null,
      updated_at timestamptz not null
    )`);
    this.addSql(`create table overridden_day (
      id uuid primary key,
      practice_id uuid not null,
      provider_id uuid not null references provider (id),
      date date not null,
      blocks jsonb not null,
      updated_at timestamptz not null,
      unique (provider_id, date)
    )`);
  }
}

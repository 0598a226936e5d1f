import { Migration } from '@mikro-orm/migrations';

/** Calendar events, and who may see the appointments that they stand for. */
export class CalendarEventMigration extends Migration {
  override up(): void {
    this.addSql(`create table appointment_access (
      appointment_id uuid primary key,
      practice_id uuid not null,
      version int not null,
      provider_id uuid not null,
      provider_account text,
      patient_id uuid not null,
      accounts text[] not null
    )`);
    // Something is still to be done in exactly the states that say so (Y-12).
    this.addSql(`create table calendar_event (
      id uuid primary key,
      practice_id uuid not null,
      provider_id uuid not null,
      state text not null check (state in ('PENDING', 'SYNCED', 'FAILED', 'NOT_APPLICABLE')),
      operation text check (operation in ('CREATE', 'UPDATE', 'DELETE')),
      version int not null,
      start_at timestamptz not null,
      end_at timestamptz not null check (end_at > start_at),
      created_at timestamptz not null,
      updated_at timestamptz not null,
      check ((operation is not null) = (state in ('PENDING', 'FAILED')))
    )`);
    this.addSql('create index on calendar_event (provider_id, end_at)');
  }
}

import { Migration } from '@mikro-orm/migrations';

/** What payments knows of booking and scheduling, learnt from their events. */
export class CopiesMigration extends Migration {
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
    this.addSql(`create table known_practice (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      name text not null
    )`);
  }
}

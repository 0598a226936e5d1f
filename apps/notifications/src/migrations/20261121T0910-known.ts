import { Migration } from '@mikro-orm/migrations';

/** What notifications knows of the others' nouns, learnt from their events. */
export class KnownMigration extends Migration {
  override up(): void {
    this.addSql(`create table known_appointment (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      booking_number text not null,
      status text not null,
      mode text not null,
      provider_id uuid not null,
      patient_id uuid not null,
      location_id uuid not null,
      start_at timestamptz not null,
      end_at timestamptz not null,
      nothing_due boolean not null,
      confirmation_deadline_at timestamptz,
      refund_basis_points int check (refund_basis_points between 0 and 10000),
      reminders_for timestamptz
    )`);
    this.addSql(`create table appointment_access (
      appointment_id uuid primary key,
      practice_id uuid not null,
      provider_id uuid not null,
      provider_account text,
      patient_id uuid not null,
      accounts text[] not null
    )`);
    this.addSql(`create table known_payment (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      captured boolean not null
    )`);
    this.addSql(`create table known_patient (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      contact text,
      time_zone text not null,
      language text not null
    )`);
    this.addSql(`create table known_provider (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      name text not null,
      email text,
      time_zone text not null
    )`);
    this.addSql(`create table known_practice (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      name text not null
    )`);
    this.addSql(`create table known_location (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      name text not null,
      address text,
      instructions text
    )`);
  }
}

import { Migration } from '@mikro-orm/migrations';

/** What notifications knows of appointments, and who may see what is sent about them. */
export class KnownAppointmentMigration extends Migration {
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
    this.addSql(`create index on known_appointment (start_at) where status = 'CONFIRMED'`);
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
  }
}

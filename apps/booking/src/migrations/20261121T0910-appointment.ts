import { Migration } from '@mikro-orm/migrations';

/** Appointments, and the indexes by which they are looked up (BK-023). */
export class AppointmentMigration extends Migration {
  override up(): void {
    this.addSql(`create table appointment (
      id uuid primary key,
      practice_id uuid not null,
      booking_number text not null unique,
      status text not null,
      version int not null,
      mode text not null,
      mode_reason text not null,
      patient_id uuid not null,
      accounts text[] not null,
      patient_time_zone text not null,
      provider_id uuid not null,
      provider_account text,
      provider_time_zone text not null,
      location_id uuid not null,
      resource_ids text[] not null,
      appointment_type_id uuid not null,
      appointment_type_name text not null,
      price_amount_minor int not null check (price_amount_minor >= 0),
      price_currency char(3) not null,
      payment_mode text not null,
      duration_minutes int not null check (duration_minutes > 0),
      buffer_before_minutes int not null,
      buffer_after_minutes int not null,
      requested_start timestamptz not null,
      requested_end timestamptz not null,
      start_at timestamptz not null,
      end_at timestamptz not null check (end_at > start_at),
      cancellation_policy jsonb not null,
      allow_cancellation boolean not null,
      allow_reschedule boolean not null,
      max_reschedule_attempts int not null,
      reschedule_notice_hours int not null,
      reschedule_count int not null,
      confirmation_deadline_hours int not null,
      payment_timeout_minutes int not null,
      patient_notes text,
      payment_held_at timestamptz,
      payment_held_until timestamptz,
      payment_deadline_at timestamptz,
      payment_failed_at timestamptz,
      payment_attempts int not null,
      confirmation_deadline_at timestamptz,
      confirmed_at timestamptz,
      cancelled_at timestamptz,
      cancellation_reason text,
      refund_basis_points int,
      created_at timestamptz not null, updated_at timestamptz not null
    )`);
    this.addSql('create index on appointment (provider_id, status, start_at)');
    this.addSql('create index on appointment (patient_id, status, created_at desc)');
    this.addSql('create index on appointment (practice_id, start_at)');
    this.addSql('create index on appointment using gin (accounts)');
    this.addSql('create index on appointment (provider_account, start_at)');
    this.addSql(
      `create index on appointment (confirmation_deadline_at) where status = 'PENDING_CONFIRMATION'`,
    );
    this.addSql(`create index on appointment (payment_deadline_at) where status = 'PENDING_PAYMENT'`);
  }
}

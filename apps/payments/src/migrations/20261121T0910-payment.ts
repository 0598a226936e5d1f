import { Migration } from '@mikro-orm/migrations';

/**
 * Payments, one per appointment, and the cards tried for them. What was captured bounds what goes back. References
 * are checked at the end, because the unit of work inserts in an order of its own.
 */
export class PaymentMigration extends Migration {
  override up(): void {
    this.addSql(`create table payment (
      id uuid primary key,
      practice_id uuid not null,
      appointment_id uuid not null unique,
      booking_number text not null,
      booking_type text not null,
      provider_id uuid not null,
      patient_id uuid not null,
      appointment_type_id uuid not null,
      description text not null,
      amount_minor int not null check (amount_minor > 0),
      currency char(3) not null,
      status text not null,
      version int not null,
      attempt int not null,
      goal text not null,
      refund_basis_points int check (refund_basis_points between 0 and 10000),
      close_cause text,
      captured_amount_minor int not null check (captured_amount_minor between 0 and amount_minor),
      refunded_amount_minor int not null check (refunded_amount_minor >= 0),
      refund_pending_minor int not null check (refund_pending_minor >= 0),
      platform_fee_minor int not null check (platform_fee_minor between 0 and amount_minor),
      platform_fee_returned_minor int not null check (platform_fee_returned_minor between 0 and platform_fee_minor),
      held_until timestamptz,
      client_secret text,
      failure_code text,
      held_at timestamptz,
      captured_at timestamptz,
      cancelled_at timestamptz,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      check (refunded_amount_minor + refund_pending_minor <= captured_amount_minor)
    )`);
    this.addSql('create index on payment (practice_id, created_at)');
    this.addSql('create index on payment (patient_id)');
    this.addSql(
      `create index payment_unsettled on payment (updated_at) where status in ('PENDING', 'ACTION_REQUIRED', 'HELD')`,
    );
    this.addSql(`create table payment_attempt (
      id uuid primary key,
      practice_id uuid not null,
      payment_id uuid not null references payment (id) deferrable initially deferred,
      number int not null check (number > 0),
      payment_method_id text not null,
      outcome text not null,
      reference text unique,
      void_cause text,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      unique (payment_id, number)
    )`);
    this.addSql(
      `create index payment_attempt_open on payment_attempt (updated_at) where outcome not in ('CAPTURED', 'VOIDED')`,
    );
  }
}

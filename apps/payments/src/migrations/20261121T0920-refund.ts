import { Migration } from '@mikro-orm/migrations';

/** Refunds: one per cause and payment (I5). */
export class RefundMigration extends Migration {
  override up(): void {
    this.addSql(`create table refund (
      id uuid primary key,
      practice_id uuid not null,
      payment_id uuid not null references payment (id) deferrable initially deferred,
      cause text not null,
      amount_minor int not null check (amount_minor > 0),
      currency char(3) not null,
      initiated_by text not null,
      reason text,
      status text not null,
      reference text unique,
      failure_code text,
      created_at timestamptz not null,
      settled_at timestamptz,
      unique (payment_id, cause)
    )`);
    this.addSql(`create index refund_pending on refund (created_at) where status = 'PENDING'`);
  }
}

import { Migration } from '@mikro-orm/migrations';

/** By when another card is due after a failed capture (Y-33). */
export class PaymentDueMigration extends Migration {
  override up(): void {
    this.addSql('alter table appointment add column payment_due_at timestamptz');
    this.addSql('create index on appointment (payment_due_at) where payment_due_at is not null');
  }
}

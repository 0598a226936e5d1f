import { Migration } from '@mikro-orm/migrations';

/** What became of a request: when the provider was asked, warned and answered (BK-010). */
export class ProviderResponseMigration extends Migration {
  override up(): void {
    this.addSql(`alter table appointment
      add column confirmation_requested_at timestamptz,
      add column responded_at timestamptz,
      add column response_type text,
      add column reminders_sent int not null default 0`);
  }
}

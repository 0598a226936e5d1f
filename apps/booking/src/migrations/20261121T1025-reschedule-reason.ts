import { Migration } from '@mikro-orm/migrations';

/** Why the patient moved an appointment last (BK-083). */
export class RescheduleReasonMigration extends Migration {
  override up(): void {
    this.addSql('alter table appointment add column reschedule_reason text');
  }
}

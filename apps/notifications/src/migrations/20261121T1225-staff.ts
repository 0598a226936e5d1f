import { Migration } from '@mikro-orm/migrations';
import { sealedIndex } from '@caregraph/runtime';

/** The practice's desk can be told, too. Its zone is null until the practice is next heard of. */
export class StaffMigration extends Migration {
  override up(): void {
    this.addSql('alter table known_practice add column time_zone text, add column email text');
    this.addSql(sealedIndex('known_practice', 'email'));
    this.addSql('alter table notification drop constraint notification_recipient_check');
    this.addSql(`alter table notification add constraint notification_recipient_check
      check (recipient in ('PATIENT', 'PROVIDER', 'STAFF'))`);
  }
}

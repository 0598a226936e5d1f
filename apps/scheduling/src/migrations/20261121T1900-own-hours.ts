import { Migration } from '@mikro-orm/migrations';

/** Whether a provider sets his own hours; of those who are there already nobody does. */
export class OwnHoursMigration extends Migration {
  override up(): void {
    this.addSql('alter table provider add column keeps_own_hours boolean not null default false');
  }
}

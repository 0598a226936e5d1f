import { Migration } from '@mikro-orm/migrations';
import { sealedIndex } from '@caregraph/runtime';

/** Where the desk of a practice gets mail; sealed. */
export class PracticeEmailMigration extends Migration {
  override up(): void {
    this.addSql('alter table practice add column email text');
    this.addSql(sealedIndex('practice', 'email'));
  }
}

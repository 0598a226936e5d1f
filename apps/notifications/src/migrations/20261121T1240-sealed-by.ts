import { Migration } from '@mikro-orm/migrations';
import { sealedIndex } from '@caregraph/runtime';

/** What a key has sealed is found without reading the table, so that keys can be changed while the app works. */
export class SealedByMigration extends Migration {
  override up(): void {
    this.addSql(sealedIndex('known_patient', 'contact'));
    this.addSql(sealedIndex('known_provider', 'email'));
  }
}

import { Migration } from '@mikro-orm/migrations';

/** What feature flags are set to; a flag that nobody ever set has no row. */
export class FeatureFlagMigration extends Migration {
  override up(): void {
    this.addSql(`create table feature_flag (
      id uuid primary key,
      key text not null unique,
      version int not null,
      value jsonb,
      providers jsonb not null,
      changed_by text,
      changed_at timestamptz not null
    )`);
  }
}

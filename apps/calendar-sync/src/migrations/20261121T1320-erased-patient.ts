import { Migration } from '@mikro-orm/migrations';

/** Patients who were erased, so that no older event brings one back. */
export class ErasedPatientMigration extends Migration {
  override up(): void {
    this.addSql(`create table erased_patient (
      id uuid primary key,
      practice_id uuid not null,
      erased_at timestamptz not null
    )`);
  }
}

import { Migration } from '@mikro-orm/migrations';

/** Patients, per practice, and who acts for whom. */
export class PatientMigration extends Migration {
  override up(): void {
    this.addSql(`create table patient (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      contact text not null,
      time_zone text not null,
      language text not null,
      text_consent_at timestamptz not null,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`);
    this.addSql('create index on patient (practice_id, created_at desc)');
    this.addSql(`create table patient_account (
      sub text not null,
      patient_id uuid not null references patient (id),
      practice_id uuid not null,
      relation text not null check (relation in ('SELF', 'PARENT', 'GUARDIAN', 'PARTNER', 'OTHER')),
      created_at timestamptz not null,
      primary key (sub, patient_id)
    )`);
    this.addSql('create index on patient_account (patient_id)');
  }
}

import { Migration } from '@mikro-orm/migrations';

/** What is left of an erased patient: a row without contact, so that nothing old brings him back. */
export class PatientErasedMigration extends Migration {
  override up(): void {
    this.addSql('alter table patient alter contact drop not null, add column erased_at timestamptz');
    // As the owner, since the app's role changes no entry; and only for a patient who is erased.
    this.addSql(`create function erase_audit_people(patient uuid) returns void
      language sql security definer set search_path = public, pg_temp as $$
      update audit_entry set actor_sub = null, ip_address = null, user_agent = null, personal_salt = null
      from appointment, patient
      where patient.id = $1 and patient.erased_at is not null and appointment.patient_id = patient.id
        and audit_entry.appointment_id = appointment.id and audit_entry.actor_type = 'patient' $$`);
  }
}

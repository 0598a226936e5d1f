import { Migration } from '@mikro-orm/migrations';

/** What was sent to the processor and heard from it, so that neither happens twice; and its name for each patient. */
export class ProcessorMigration extends Migration {
  override up(): void {
    this.addSql(`create table processor_call (
      id text primary key,
      practice_id uuid not null,
      key_number int not null check (key_number > 0),
      first_sent_at timestamptz not null
    )`);
    this.addSql(`create table processor_event (
      id text primary key,
      practice_id uuid not null,
      type text not null,
      received_at timestamptz not null
    )`);
    this.addSql('create index on processor_event (received_at)');
    this.addSql(`create table processor_customer (
      patient_id uuid primary key,
      practice_id uuid not null,
      reference text not null unique,
      created_at timestamptz not null
    )`);
  }
}

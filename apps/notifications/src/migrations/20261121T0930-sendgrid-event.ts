import { Migration } from '@mikro-orm/migrations';

/** Which events of the vendor were seen, and to whom mail must not go any more. Both belong to no single practice's rows. */
export class SendGridEventMigration extends Migration {
  override up(): void {
    this.addSql(`create table sendgrid_event (
      id text primary key,
      received_at timestamptz not null
    )`);
    this.addSql('create index on sendgrid_event (received_at)');
    this.addSql(`create table suppression (
      address_hash text primary key,
      practice_id uuid not null,
      cause text not null,
      created_at timestamptz not null
    )`);
  }
}

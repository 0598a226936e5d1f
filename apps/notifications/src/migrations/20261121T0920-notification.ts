import { Migration } from '@mikro-orm/migrations';

/** Notifications, of which one cause has one per channel and recipient (I6). */
export class NotificationMigration extends Migration {
  override up(): void {
    this.addSql(`create table notification (
      id uuid primary key,
      practice_id uuid not null,
      appointment_id uuid not null,
      cause text not null,
      occurrence text not null,
      channel text not null check (channel in ('EMAIL', 'TEXT', 'PUSH', 'VOICE')),
      recipient text not null check (recipient in ('PATIENT', 'PROVIDER')),
      template text not null,
      status text not null check (status in ('QUEUED', 'SENT', 'DELIVERED', 'FAILED', 'BOUNCED', 'SKIPPED')),
      version int not null,
      reason text,
      attempts int not null,
      unknown_tries int not null,
      try_started_at timestamptz,
      address_hash text,
      vendor_message_id text,
      created_at timestamptz not null,
      sent_at timestamptz,
      delivered_at timestamptz,
      updated_at timestamptz not null,
      constraint notification_once unique (appointment_id, cause, occurrence, channel, recipient)
    )`);
    this.addSql('create index on notification (appointment_id, created_at desc)');
    this.addSql(`create index on notification (updated_at) where status = 'QUEUED'`);
    this.addSql('create index on notification (practice_id, created_at desc)');
  }
}

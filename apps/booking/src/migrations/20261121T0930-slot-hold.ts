import { Migration } from '@mikro-orm/migrations';

/** Times held for a few minutes while somebody checks out. */
export class SlotHoldMigration extends Migration {
  override up(): void {
    this.addSql(`create table slot_hold (
      id uuid primary key,
      practice_id uuid not null,
      provider_id uuid not null,
      appointment_type_id uuid not null,
      location_id uuid not null,
      resource_ids text[] not null,
      start_at timestamptz not null,
      end_at timestamptz not null,
      offered_mode text not null,
      status text not null,
      version int not null,
      account text,
      session_id text,
      token_hash text not null,
      appointment_id uuid,
      expires_at timestamptz not null,
      ended_at timestamptz,
      created_at timestamptz not null
    )`);
    this.addSql('create index on slot_hold (provider_id, start_at, status)');
    this.addSql(`create index on slot_hold (expires_at) where status = 'ACTIVE'`);
    this.addSql('create index on slot_hold (account, created_at)');
    this.addSql('create index on slot_hold (session_id, created_at)');
  }
}

import { Migration } from '@mikro-orm/migrations';

/** Partners' keys: their hashes, never the keys. */
export class PartnerKeyMigration extends Migration {
  override up(): void {
    this.addSql(`create table partner_key (
      id uuid primary key,
      practice_id uuid not null references known_practice (id),
      version int not null,
      name text not null,
      scopes text[] not null,
      hash text not null unique check (length(hash) = 43),
      hint text not null check (length(hint) = 4),
      status text not null check (status in ('ACTIVE', 'REVOKED')),
      expires_at timestamptz,
      created_at timestamptz not null,
      revoked_at timestamptz,
      check ((revoked_at is null) = (status = 'ACTIVE'))
    )`);
    this.addSql('create index on partner_key (practice_id, created_at, id)');
  }
}

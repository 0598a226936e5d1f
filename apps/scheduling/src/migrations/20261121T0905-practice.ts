import { Migration } from '@mikro-orm/migrations';

/** Practices, their locations, and what stands there. */
export class PracticeMigration extends Migration {
  override up(): void {
    this.addSql(`create table practice (
      id uuid primary key,
      version int not null,
      name text not null,
      time_zone text not null,
      currency char(3) not null,
      booking_number_prefix text not null,
      booking_settings jsonb not null,
      active boolean not null,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`);
    this.addSql('create index on practice (created_at, id)');
    this.addSql(`create table location (
      id uuid primary key,
      practice_id uuid not null references practice (id),
      version int not null,
      name text not null,
      kind text not null check (kind in ('IN_PERSON', 'TELEHEALTH', 'HOME_VISIT')),
      time_zone text not null,
      address text,
      instructions text,
      active boolean not null,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`);
    this.addSql('create index on location (practice_id)');
    this.addSql(`create table resource (
      id uuid primary key,
      practice_id uuid not null references practice (id),
      location_id uuid not null references location (id),
      version int not null,
      name text not null,
      kind text not null check (kind in ('ROOM', 'CHAIR', 'EQUIPMENT')),
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`);
    this.addSql('create index on resource (location_id)');
  }
}

import { Migration } from '@mikro-orm/migrations';

/** Practices and what they offer: locations, resources, providers, appointment types. */
export class CatalogueMigration extends Migration {
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
    this.addSql(`create table provider (
      id uuid primary key,
      practice_id uuid not null references practice (id),
      version int not null,
      name text not null,
      account text,
      specialties text[] not null,
      languages text[] not null,
      insurances text[] not null,
      time_zone text not null,
      location_ids text[] not null,
      email text,
      mobile text,
      settings_override jsonb not null,
      active boolean not null,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`);
    this.addSql('create index on provider (practice_id, created_at, id)');
    this.addSql(`create table appointment_type (
      id uuid primary key,
      practice_id uuid not null references practice (id),
      version int not null,
      name text not null,
      category text not null check (category in ('INDIVIDUAL', 'GROUP', 'FAMILY', 'COUPLES')),
      description text,
      duration_minutes int not null check (duration_minutes between 5 and 480),
      buffer_before_minutes int,
      buffer_after_minutes int,
      price_amount_minor int not null check (price_amount_minor >= 0),
      price_currency char(3) not null,
      payment_mode text not null check (payment_mode in ('HOLD', 'AT_VISIT')),
      cancellation_policy jsonb,
      provider_ids text[] not null,
      resource_ids text[] not null,
      allow_online_booking boolean not null,
      active boolean not null,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`);
    this.addSql('create unique index appointment_type_name on appointment_type (practice_id, lower(name))');
    this.addSql('create index on appointment_type (practice_id, created_at, id)');
    this.addSql('create index on appointment_type using gin (provider_ids)');
  }
}

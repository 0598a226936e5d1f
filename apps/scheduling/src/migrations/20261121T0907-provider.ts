import { Migration } from '@mikro-orm/migrations';

/** Providers, and the appointment types they offer. */
export class ProviderMigration extends Migration {
  override up(): void {
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

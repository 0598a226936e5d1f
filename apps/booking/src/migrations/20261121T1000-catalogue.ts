import { Migration } from '@mikro-orm/migrations';

/** What booking knows of scheduling and calendar-sync, learnt from their events. */
export class CatalogueMigration extends Migration {
  override up(): void {
    this.addSql(`create table known_practice (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      booking_number_prefix text not null,
      time_zone text not null,
      active boolean not null
    )`);
    this.addSql(`create table known_provider (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      account text,
      time_zone text not null,
      settings jsonb not null,
      active boolean not null
    )`);
    this.addSql(`create table known_calendar (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      state text not null
    )`);
    this.addSql(`create table known_appointment_type (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      name text not null,
      duration_minutes int not null,
      buffer_before_minutes int,
      buffer_after_minutes int,
      price_amount_minor int not null,
      price_currency char(3) not null,
      payment_mode text not null,
      cancellation_policy jsonb,
      provider_ids text[] not null,
      allow_online_booking boolean not null,
      active boolean not null
    )`);
  }
}

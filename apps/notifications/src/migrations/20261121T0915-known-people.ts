import { Migration } from '@mikro-orm/migrations';

/** The people and places that messages name, learnt from others' events. */
export class KnownPeopleMigration extends Migration {
  override up(): void {
    this.addSql(`create table known_patient (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      contact text,
      time_zone text not null,
      language text not null
    )`);
    this.addSql(`create table known_provider (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      name text not null,
      email text,
      time_zone text not null
    )`);
    this.addSql(`create table known_practice (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      name text not null
    )`);
    this.addSql(`create table known_location (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      name text not null,
      address text,
      instructions text
    )`);
  }
}

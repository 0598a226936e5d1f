import { Migration } from '@mikro-orm/migrations';

/** Who has which role where, and the practices in which there are roles. */
export class MembershipMigration extends Migration {
  override up(): void {
    this.addSql(`create table known_practice (
      id uuid primary key,
      practice_id uuid not null,
      version int not null,
      active boolean not null
    )`);
    this.addSql(`create table membership (
      id uuid primary key,
      practice_id uuid references known_practice (id),
      version int not null,
      account text not null,
      role text not null check (role in ('admin', 'provider', 'staff', 'partner', 'support')),
      status text not null check (status in ('ACTIVE', 'ENDED')),
      granted_by text,
      created_at timestamptz not null,
      ended_by text,
      ended_at timestamptz,
      check ((practice_id is null) = (role = 'support')),
      check ((ended_at is null) = (status = 'ACTIVE'))
    )`);
    // One active membership for each role of an account; the ended ones before it stay.
    this.addSql(`create unique index membership_once on membership (account, practice_id, role)
      nulls not distinct where status = 'ACTIVE'`);
    this.addSql('create index on membership (practice_id, created_at, id)');
  }
}

import { Migration } from '@mikro-orm/migrations';

/** Overlap is impossible: two live claims of one provider or resource exclude each other in the database (I1). */
export class ClaimMigration extends Migration {
  override up(): void {
    this.addSql('create extension if not exists btree_gist');
    this.addSql(`create table claim (
      id uuid primary key default gen_random_uuid(),
      practice_id uuid not null,
      owner_id uuid not null,
      kind text not null check (kind in ('hold', 'appointment', 'group', 'busy', 'time_off')),
      subject_id uuid not null,
      during tstzrange not null check (not isempty(during)),
      expires_at timestamptz,
      constraint claim_no_overlap exclude using gist (subject_id with =, during with &&)
        where (kind in ('hold', 'appointment', 'group'))
    )`);
    this.addSql('create index on claim (owner_id)');
  }
}

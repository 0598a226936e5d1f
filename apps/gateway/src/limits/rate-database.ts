// Where the replicas count together. The gateway keeps nothing else; a row is of use for a minute.
import { Migration } from '@mikro-orm/migrations';
import { defineEntity, p } from '@mikro-orm/postgresql';
import type { DatabaseParts } from '@caregraph/runtime';

export const rateTable = 'rate_counter';

const RateCounterSchema = defineEntity({
  name: 'RateCounter',
  tableName: rateTable,
  properties: {
    key: p.string().primary(),
    points: p.integer(),
    /** Milliseconds since 1970, as rate-limiter-flexible writes them. */
    expire: p.bigint().nullable(),
  },
});

class RateCounterMigration extends Migration {
  override up(): void {
    // Lost after a crash, which costs nobody anything; and no write waits for the disk.
    this.addSql(`create unlogged table ${rateTable} (
      key varchar(255) primary key,
      points integer not null default 0,
      expire bigint
    )`);
    this.addSql(`create index on ${rateTable} (expire)`);
  }
}

export const rateDatabase: DatabaseParts = {
  entities: [RateCounterSchema],
  migrations: [{ name: '20261121T1350-rate-counters', class: RateCounterMigration }],
};

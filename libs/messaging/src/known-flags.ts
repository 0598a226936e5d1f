// An app's own copy of the feature flags. It is read in the transaction of the use case that obeys them, so what was
// set counts for the very next request once its event has arrived, in every replica alike.
import { Migration } from '@mikro-orm/migrations';
import type { EntityManager } from '@mikro-orm/postgresql';
import { featureFlagChanged, type FeatureFlagState, type FlagsSet } from '@caregraph/contracts';
import { consumer } from './consumer.js';

class KnownFlags extends Migration {
  override up(): void {
    this.addSql(`
      create table known_flag (
        flag text primary key,
        version int not null,
        value jsonb not null,
        providers jsonb not null
      )`);
  }
}

/** What an app that asks for flags adds to its list of migrations. The copies are reached by SQL alone. */
export const knownFlagMigrations = [{ name: '20261121T1520-known-flags', class: KnownFlags }];

/** Keeps the state of a flag; a lower or equal version is dropped. */
export const keepFlag = (
  em: EntityManager,
  { flag, version, value, providers }: FeatureFlagState,
): Promise<unknown> =>
  em.execute(
    `insert into known_flag as known (flag, version, value, providers) values (?, ?, ?::jsonb, ?::jsonb)
     on conflict (flag) do update
       set version = excluded.version, value = excluded.value, providers = excluded.providers
       where known.version < excluded.version`,
    [flag, version, JSON.stringify(value), JSON.stringify(providers)],
  );

/** What an app that asks for flags, and does nothing else about a change, adds to its consumers. */
export const onFeatureFlagChanged = consumer(
  featureFlagChanged,
  ({ em }: { readonly em: EntityManager }, state) => keepFlag(em, state),
);

/** What is set now, for `isOn` and `isKilled`; asked in the transaction of the use case that obeys it. */
export async function flagsSet(em: EntityManager): Promise<FlagsSet> {
  const rows = await em.execute<Pick<FeatureFlagState, 'flag' | 'value' | 'providers'>[]>(
    'select flag, value, providers from known_flag',
  );
  const byKey = new Map(rows.map((row) => [row.flag, row]));
  return (key) => byKey.get(key);
}

// Sealed columns after a change of keys: what an older key has sealed is sealed anew, while the app works.
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { Registry } from 'prom-client';
import type { Sealer } from './seal.js';
import { addStateGauges } from './state-gauges.js';

/** A text column that holds sealed values or null; the table's primary key is `id`. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** What a row's value is sealed for. */
  readonly context: (id: string) => string;
}

/** The key's name inside of a sealed value. Each sealed column has an index on it (`sealedIndex`). */
const kidIn = (column: string): string => `split_part(${column}, '.', 3)`;
/** What was erased is empty, or says so in words of its own. */
const isSealed = (column: string): string => `${column} like 'sealed.v1.%'`;

/** The index by which rows of older keys are found without reading the table; for the migration of a sealed column. */
export const sealedIndex = (table: string, column: string): string =>
  `create index ${table}_${column}_kid on ${table} (${kidIn(column)}, id) where ${isSealed(column)}`;

/** How many rows are sealed anew in one transaction: few, so that nobody waits long for one of them. */
const batchSize = 100;

/**
 * Seals anew what another key than the ring's first has sealed. The rows themselves say what is left to do, so it may
 * be killed and run again, and by several processes at once. A row that changed meanwhile is left as it is, and one
 * that does not open is left and counted.
 * @returns how many were sealed anew and how many did not open.
 */
export async function sealAnew(
  em: EntityManager,
  sealer: Sealer,
  columns: readonly SealedColumn[],
  signal?: AbortSignal,
): Promise<{ sealed: number; unreadable: number }> {
  const total = { sealed: 0, unreadable: 0 };
  for (const column of columns) {
    for (const kid of await outdatedKids(em, sealer, column)) {
      let after: string | undefined = '00000000-0000-0000-0000-000000000000';
      while (after !== undefined) {
        signal?.throwIfAborted();
        const batch = await em.fork().transactional((em) => sealBatch(em, sealer, column, kid, after ?? ''));
        total.sealed += batch.sealed;
        total.unreadable += batch.unreadable;
        after = batch.last;
      }
    }
  }
  return total;
}

interface Row {
  readonly id: string;
  readonly sealed: string;
}

async function sealBatch(
  em: EntityManager,
  sealer: Sealer,
  { table, column, context }: SealedColumn,
  kid: string,
  after: string,
): Promise<{ sealed: number; unreadable: number; last: string | undefined }> {
  const rows = await em.execute<Row[]>(
    `select id, ${column} as sealed from ${table}
      where ${isSealed(column)} and ${kidIn(column)} = ? and id > ? order by id limit ${batchSize}`,
    [kid, after],
  );
  const changes = rows.flatMap((row) => {
    const plain = opened(sealer, row, context(row.id));
    return plain === undefined ? [] : [{ ...row, anew: sealer.seal(plain, context(row.id)) }];
  });
  // Compare-and-set: what somebody wrote in between is newer, and sealed with the new key already.
  const done = await em.execute<{ id: string }[]>(
    `update ${table} set ${column} = change.anew
       from jsonb_to_recordset(?::jsonb) as change(id uuid, sealed text, anew text)
      where ${table}.id = change.id and ${table}.${column} = change.sealed returning ${table}.id`,
    [JSON.stringify(changes)],
  );
  return {
    sealed: done.length,
    unreadable: rows.length - changes.length,
    last: rows.length < batchSize ? undefined : rows.at(-1)?.id,
  };
}

function opened(sealer: Sealer, { sealed }: Row, context: string): string | undefined {
  try {
    return sealer.open(sealed, context);
  } catch {
    return undefined;
  }
}

/** The keys, other than the one that seals now, that have sealed a row; also those that the ring has no more. */
async function outdatedKids(em: EntityManager, sealer: Sealer, of: SealedColumn): Promise<string[]> {
  const { table, column } = of;
  const kid = kidIn(column);
  // From one key to the next in the index: as many steps as there are keys, however many rows there are.
  const rows = await em.execute<{ kid: string | null }[]>(
    `with recursive known as (
       select min(${kid}) as kid from ${table} where ${isSealed(column)}
       union all
       select (select min(${kid}) from ${table} where ${isSealed(column)} and ${kid} > known.kid)
         from known where known.kid is not null
     ) select kid from known where kid is not null`,
  );
  return rows.flatMap((row) => (row.kid === null || row.kid === sealer.kids[0] ? [] : [row.kid]));
}

/**
 * Adds the gauge that tells whether an older key may go: rows by column and key, 0 for each key that the ring has and
 * no row needs. Rows of the key that seals now are not counted: they are the many.
 */
export function watchSealedColumns(
  registry: Registry,
  orm: MikroORM,
  sealer: Sealer,
  columns: readonly SealedColumn[],
): void {
  const read = async (): Promise<{ labels: { column: string; kid: string }; value: number }[]> => {
    const em = orm.em.fork();
    const counts: { labels: { column: string; kid: string }; value: number }[] = [];
    for (const of of columns) {
      const needed = await outdatedKids(em, sealer, of);
      for (const kid of new Set([...sealer.kids.slice(1), ...needed]))
        counts.push({
          labels: { column: `${of.table}.${of.column}`, kid },
          value: await countOf(em, of, kid),
        });
    }
    return counts;
  };
  addStateGauges(registry, read, [
    {
      name: 'caregraph_sealed_rows_outdated',
      help: 'Values that another key than the one that seals now has sealed, by column and key.',
      labelNames: ['column', 'kid'],
      samples: (counts) => counts,
    },
  ]);
}

async function countOf(em: EntityManager, { table, column }: SealedColumn, kid: string): Promise<number> {
  const [row] = await em.execute<{ count: number }[]>(
    `select count(*)::int as count from ${table} where ${isSealed(column)} and ${kidIn(column)} = ?`,
    [kid],
  );
  return row?.count ?? 0;
}

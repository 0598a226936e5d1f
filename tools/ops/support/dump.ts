// One database as files: a table is a file of JSON lines, read in one snapshot; the schema is the migrations'. Works
// with nothing but a connection, since the PostgreSQL from npm brings no pg_dump. A line is a row, an array of its
// columns, each as PostgreSQL writes it as text: a row as a JSON object would turn a stored JSON null into no value.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';

export interface TableDump {
  /** `schema.table`, quoted as SQL wants it. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly file: string;
  readonly sha256: string;
}

export interface DatabaseDump {
  readonly name: string;
  /** The migrations that had run, in their order: the schema that the rows fit. */
  readonly migrations: readonly string[];
  /** Those that others refer to come first. */
  readonly tables: readonly TableDump[];
  readonly sequences: readonly { readonly name: string; readonly value: string }[];
}

const atOnce = 1_000;

/** The snapshot is taken when this resolves; the rows are read later. */
export async function openSnapshot(client: pg.Client): Promise<void> {
  await client.query('begin isolation level repeatable read read only');
  await client.query('select pg_current_snapshot()');
}

/** Dumps the tables into the folder, those of `ready` from what was read before. */
export async function dumpDatabase(
  client: pg.Client,
  name: string,
  folder: string,
  ready: readonly TableDump[] = [],
): Promise<DatabaseDump> {
  const tables: TableDump[] = [];
  for (const table of await tablesOf(client)) {
    tables.push(ready.find((dump) => dump.table === table.table) ?? (await dumpTable(client, table, folder)));
  }
  const migrated = await client.query<{ known: boolean }>(
    `select to_regclass('migration') is not null as known`,
  );
  const migrations = migrated.rows[0]?.known
    ? (await client.query<{ name: string }>('select name from migration order by name')).rows.map(
        (row) => row.name,
      )
    : [];
  const sequences = await client.query<{ name: string; value: string }>(
    `select format('%I.%I', schemaname, sequencename) as name, last_value::text as value from pg_sequences
     where last_value is not null order by 1`,
  );
  return { name, migrations, tables, sequences: sequences.rows };
}

export interface Table {
  readonly table: string;
  readonly columns: readonly string[];
  /** Of the columns, in their order. */
  readonly types: readonly string[];
}

/** All tables with their stored columns, those that others refer to first. What a crash may empty is left out. */
export async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table & { refersTo: string[] }>(
    `select format('%I.%I', nspname, relname) as "table",
       array(select quote_ident(attname) from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped
         and attgenerated = '' order by attnum) as columns,
       array(select format_type(atttypid, atttypmod) from pg_attribute where attrelid = c.oid and attnum > 0
         and not attisdropped and attgenerated = '' order by attnum) as types,
       array(select format('%I.%I', tn.nspname, t.relname) from pg_constraint f join pg_class t on t.oid = f.confrelid
         join pg_namespace tn on tn.oid = t.relnamespace where f.conrelid = c.oid and f.contype = 'f' and t.oid <> c.oid)
         as "refersTo"
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where relkind = 'r' and relpersistence = 'p' and nspname not in ('pg_catalog', 'information_schema') order by 1`,
  );
  const sorted: typeof rows = [];
  const add = (row: (typeof rows)[number], path: readonly string[]): void => {
    if (sorted.includes(row)) return;
    if (path.includes(row.table))
      throw new Error(`Tables refer to each other in a circle: ${path.join(', ')}.`);
    for (const { table } of rows.filter((other) => row.refersTo.includes(other.table))) {
      const referred = rows.find((other) => other.table === table);
      if (referred) add(referred, [...path, row.table]);
    }
    sorted.push(row);
  };
  for (const row of rows) add(row, []);
  return sorted.map(({ table, columns, types }) => ({ table, columns, types }));
}

export async function dumpTable(
  client: pg.Client,
  { table, columns }: Table,
  folder: string,
): Promise<TableDump> {
  const file = `${table.replaceAll('"', '')}.jsonl.gz`;
  const hash = createHash('sha256');
  const zipped = createGzip();
  const written = fs.createWriteStream(path.join(folder, file), { mode: 0o600 });
  zipped.on('data', (chunk: Buffer) => hash.update(chunk));
  zipped.pipe(written);
  let count = 0;
  await client.query(
    `declare dump no scroll cursor for
     select to_json(array[${columns.map((column) => `${column}::text`).join(', ')}]::text[])::text as line from ${table}`,
  );
  for (;;) {
    const { rows } = await client.query<{ line: string }>(`fetch ${atOnce} from dump`);
    if (rows.length === 0) break;
    count += rows.length;
    if (!zipped.write(rows.map(({ line }) => `${line}\n`).join(''))) await once(zipped, 'drain');
  }
  await client.query('close dump');
  zipped.end();
  await finished(written);
  return { table, columns, rows: count, file, sha256: hash.digest('hex') };
}

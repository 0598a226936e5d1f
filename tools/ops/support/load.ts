// Puts a dump back: into tables that the migrations have made, as their owner, in one transaction for each database.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type pg from 'pg';
import { tablesOf, type DatabaseDump, type Table, type TableDump } from './dump.js';
import { CannotDo } from './stack.js';

const atOnce = 1_000;

/** Throws CannotDo when a file is missing or is not what was written. */
export function checkFiles(folder: string, dump: DatabaseDump): void {
  for (const { file, sha256 } of dump.tables) {
    const place = path.join(folder, dump.name, file);
    const found = fs.existsSync(place) && createHash('sha256').update(fs.readFileSync(place)).digest('hex');
    if (found !== sha256)
      throw new CannotDo(`${place} is ${found === false ? 'missing' : 'not what was written'}.`);
  }
}

/** What a start leaves in an empty database: it counts for nothing. */
const machinery = /^(jobs\..*|public\.(migration|event_topic|event_partition|event_offset|inbox|outbox))$/;

/** The first table with rows of its own; undefined where there is none. */
export async function firstInhabited(client: pg.Client): Promise<string | undefined> {
  for (const { table } of await tablesOf(client)) {
    if (machinery.test(table)) continue;
    if ((await client.query(`select from ${table} limit 1`)).rowCount) return table;
  }
  return undefined;
}

/** Throws CannotDo, having changed nothing, when the tables are not those that the rows fit. */
export async function loadDatabase(client: pg.Client, folder: string, dump: DatabaseDump): Promise<void> {
  await client.query('begin');
  await requireSameTables(client, dump);
  const tables = dump.tables.map(({ table }) => table);
  // Triggers would count, chain and announce again what was counted, chained and announced.
  for (const table of tables) await client.query(`alter table ${table} disable trigger user`);
  await client.query(`truncate ${tables.join(', ')}`);
  const types = new Map((await tablesOf(client)).map((table) => [table.table, typesByColumn(table)]));
  for (const table of dump.tables)
    await loadTable(client, path.join(folder, dump.name), table, types.get(table.table) ?? new Map());
  // References are checked before a table may be altered again.
  await client.query('set constraints all immediate');
  for (const { name, value } of dump.sequences) await client.query('select setval($1, $2)', [name, value]);
  for (const table of tables) await client.query(`alter table ${table} enable trigger user`);
  await client.query('commit');
  await client.query('analyze');
}

async function requireSameTables(client: pg.Client, dump: DatabaseDump): Promise<void> {
  const shape = (tables: readonly Pick<Table, 'table' | 'columns'>[]): string =>
    tables
      .map(({ table, columns }) => `${table}(${[...columns].sort().join(',')})`)
      .sort()
      .join('\n');
  if (shape(await tablesOf(client)) === shape(dump.tables)) return;
  throw new CannotDo(
    `The backup of ${dump.name} is of another release (its last migration is ${dump.migrations.at(-1) ?? 'none'}): ` +
      'restore it with that release, then start the new one, which migrates it.',
  );
}

const typesByColumn = ({ columns, types }: Table): ReadonlyMap<string, string> =>
  new Map(columns.map((column, index) => [column, types[index] ?? '']));

async function loadTable(
  client: pg.Client,
  folder: string,
  dump: TableDump,
  types: ReadonlyMap<string, string>,
): Promise<void> {
  const { table, columns, file } = dump;
  const lines = createInterface({ input: fs.createReadStream(path.join(folder, file)).pipe(createGunzip()) });
  const names = columns.join(', ');
  const values = columns.map((column, index) => `(line ->> ${index})::${types.get(column) ?? ''}`).join(', ');
  let waiting: string[] = [];
  let count = 0;
  const insert = async (): Promise<void> => {
    if (waiting.length === 0) return;
    count += waiting.length;
    await client.query(
      `insert into ${table} (${names}) overriding system value
       select ${values} from json_array_elements($1::json) line`,
      [`[${waiting.join(',')}]`],
    );
    waiting = [];
  };
  for await (const line of lines) {
    waiting.push(line);
    if (waiting.length >= atOnce) await insert();
  }
  await insert();
  if (count !== dump.rows) throw new CannotDo(`${file} has ${count} rows in place of ${dump.rows}.`);
}

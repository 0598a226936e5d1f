// Everything that the apps' databases hold as text, for whoever must be sure that something is not there.
import pg from 'pg';
import { stack } from './story.js';

interface Column {
  readonly table: string;
  readonly column: string;
}

/** Columns whose values match the LIKE pattern, as `database.table.column`; events on their way or done are left out. */
export async function columnsWith(pattern: string): Promise<string[]> {
  const found: string[] = [];
  for (const [name, { ownerUrl }] of Object.entries(stack.describe().databases)) {
    if (name === 'event_log') continue;
    const client = new pg.Client({ connectionString: ownerUrl });
    await client.connect();
    try {
      for (const { table, column } of await columnsOf(client)) {
        const { rowCount } = await client.query(
          `select 1 from "${table}" where "${column}"::text like $1 limit 1`,
          [pattern],
        );
        if (rowCount) found.push(`${name}.${table}.${column}`);
      }
    } finally {
      await client.end();
    }
  }
  return found;
}

async function columnsOf(client: pg.Client): Promise<Column[]> {
  const { rows } = await client.query<Column>(
    `select c.table_name as "table", c.column_name as "column"
       from information_schema.columns c
       join information_schema.tables t using (table_schema, table_name)
      where table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name <> 'outbox'
        and c.data_type in ('text', 'character varying', 'jsonb', 'json', 'ARRAY')`,
  );
  return rows;
}

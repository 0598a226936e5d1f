import { fileURLToPath } from 'node:url';
import { suiteDatabase } from '@caregraph/testing';
import pg from 'pg';
import { silent } from '../app.contract.js';
import { until } from '../database.js';
import { migrateEventLog, postgresTransport, type EventRecord } from '../index.js';
import { noted } from '../note.contract.js';
import { describeTransport } from '../transport.contract.js';

describeTransport('the embedded event log', async () => {
  const database = await suiteDatabase('event_log');
  await migrateEventLog(database.ownerUrl);
  return {
    open: () => postgresTransport({ url: database.url, log: silent }),
    worker: {
      script: fileURLToPath(new URL('./transport.worker.ts', import.meta.url)),
      env: { EVENT_LOG_URL: database.url },
    },
    close: () => database.drop(),
  };
});

describe('the embedded event log', () => {
  it('keeps its rows when it is migrated again, also by several processes at once', async () => {
    const database = await suiteDatabase('event_log');
    await migrateEventLog(database.ownerUrl);
    const transport = postgresTransport({ url: database.url, log: silent });
    await transport.append([{ topic: 'log.kept', key: 'a', envelope: noted({ noteId: 'a', number: 1 }) }]);
    await Promise.all([1, 2, 3].map(() => migrateEventLog(database.ownerUrl)));
    expect(await transport.lag('reader', ['log.kept'])).toEqual({ 'log.kept': 1 });
    await transport.close();
    await database.drop();
  });

  it('forgets events after 7 days, except the newest of each key', async () => {
    const database = await suiteDatabase('event_log');
    await migrateEventLog(database.ownerUrl);
    const first = postgresTransport({ url: database.url, log: silent });
    const record = (key: string, number: number): EventRecord => ({
      topic: 'log.old',
      key,
      envelope: noted({ noteId: key, number }),
    });
    await first.append([record('a', 1), record('a', 2), record('b', 1), record('c', 1)]);
    await first.close();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(`update event_log set appended_at = now() - interval '8 days' where key <> 'c'`);
    const second = postgresTransport({ url: database.url, log: silent });
    const left = `select key || (payload->'data'->>'number') as note from event_log order by 1`;
    await until(async () => (await client.query(left)).rowCount === 3);
    expect((await client.query<{ note: string }>(left)).rows.map(({ note }) => note)).toEqual([
      'a2',
      'b1',
      'c1',
    ]);
    // A new group passes over the gap.
    const seen: string[] = [];
    await second.subscribe({
      group: 'reader',
      topics: ['log.old'],
      onBatch: ({ events }) => {
        seen.push(...events.map(({ key }) => key));
        return Promise.resolve();
      },
    });
    await until(async () => (await second.lag('reader', ['log.old']))['log.old'] === 0);
    expect(seen.sort()).toEqual(['a', 'b', 'c']);
    await client.end();
    await second.close();
    await database.drop();
  });

  it('makes a writer wait for one of the same partition that has not committed', async () => {
    const database = await suiteDatabase('event_log');
    await migrateEventLog(database.ownerUrl);
    const transport = postgresTransport({ url: database.url, log: silent, partitions: 1 });
    const slow = new pg.Client({ connectionString: database.url });
    await slow.connect();
    const envelope = noted({ noteId: 'slow', number: 1 });
    await transport.append([{ topic: 'log.slow', key: 'first', envelope }]);
    await slow.query('begin');
    await slow.query(`select append_events('{log.slow}', '{slow}', array[$1::jsonb], 1)`, [
      JSON.stringify(envelope),
    ]);
    const second = transport.append([{ topic: 'log.slow', key: 'second', envelope }]);
    // The gap would show here: the second writer's event before the first one's.
    expect(await Promise.race([second.then(() => 'appended'), waits(slow)])).toBe('waits');
    await slow.query('commit');
    await second;
    const { rows } = await slow.query<{ key: string }>('select key from event_log order by log_offset');
    expect(rows.map((row) => row.key)).toEqual(['first', 'slow', 'second']);
    await slow.end();
    await transport.close();
    await database.drop();
  });
});

/** Resolves when somebody waits for an advisory lock in this database. */
async function waits(client: pg.Client): Promise<'waits'> {
  const waiting = `select 1 from pg_locks where locktype = 'advisory' and not granted
    and database = (select oid from pg_database where datname = current_database())`;
  await until(async () => (await client.query(waiting)).rowCount === 1);
  return 'waits';
}

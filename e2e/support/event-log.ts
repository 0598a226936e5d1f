// The event log, closed for a while: what an app commits meanwhile stays in its outbox.
import pg from 'pg';
import { stack } from './story.js';

/** Nobody can append until the returned function is called; reading goes on. */
export async function closeEventLog(): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: stack.describe().databases.event_log!.ownerUrl });
  await client.connect();
  await client.query('begin');
  await client.query('lock table event_log in exclusive mode');
  return async () => {
    await client.query('rollback');
    await client.end();
  };
}

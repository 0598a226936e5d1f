// The event log, closed for a while: what an app commits meanwhile stays in its outbox.
import pg from 'pg';
import { stack } from './story.js';

/** Nobody can append until the returned function is called. Of the embedded log reading goes on; a broker is killed. */
export function closeEventLog(): Promise<() => Promise<void>> {
  return stack.describe().kafka ? closeBroker() : closeEmbeddedLog();
}

async function closeBroker(): Promise<() => Promise<void>> {
  if (stack.describe().kafka?.pid === null)
    throw new Error('KAFKA_BROKERS names a broker that is not ours to kill.');
  await stack.killBroker();
  return () => stack.startBroker();
}

async function closeEmbeddedLog(): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: stack.describe().databases.event_log!.ownerUrl });
  await client.connect();
  await client.query('begin');
  await client.query('lock table event_log in exclusive mode');
  return async () => {
    await client.query('rollback');
    await client.end();
  };
}

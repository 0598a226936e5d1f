// `npm run ops -- outbox`: the events of an app that have not left it yet.
import { messagingEntities, readOutbox, type OutboxTopic } from '@caregraph/messaging';
import { openDatabase } from '@caregraph/runtime';
import { businessTime } from './support/business-time.js';
import { databaseOf, storingApps } from './support/stack.js';

export const usage = `
outbox <app|all>  events that wait to leave: how many, the oldest's age, and when the last one left, per topic`;

export async function run([app]: readonly string[]): Promise<number> {
  if (!app) return 2;
  const now = await businessTime();
  const rows = [];
  for (const name of app === 'all' ? storingApps : [app]) {
    for (const topic of await outboxOf(name, now)) rows.push({ app: name, ...topic });
  }
  console.table(rows);
  return 0;
}

export async function outboxOf(app: string, now: Date): Promise<OutboxTopic[]> {
  const orm = await openDatabase(databaseOf(app).url, { entities: [...messagingEntities], migrations: [] });
  try {
    return await readOutbox(orm, now);
  } finally {
    await orm.close();
  }
}

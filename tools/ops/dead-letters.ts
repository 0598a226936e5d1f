// `npm run ops -- dead-letters`: what an operator does about events that failed. The running app acts on each decision
// at once.
import { deadLetters, messagingEntities, type DeadLetters } from '@caregraph/messaging';
import { openDatabase } from '@caregraph/runtime';
import { databaseOf } from './support/stack.js';

export const usage = `
dead-letters <app> list         events that failed, and those that wait behind them
dead-letters <app> replay <id>  runs the key's events again in order, from the failed one on
dead-letters <app> skip <id>    drops one event for good`;

export async function run([app, command = 'list', id = '']: readonly string[]): Promise<number> {
  if (!app || !isKnown(command, id)) return 2;
  const orm = await openDatabase(databaseOf(app).url, { entities: [...messagingEntities], migrations: [] });
  try {
    const letters = deadLetters(orm);
    if (command === 'list') {
      console.table(await letters.list());
      return 0;
    }
    return await decide(letters, command, id);
  } finally {
    await orm.close();
  }
}

const isKnown = (command: string, id: string): boolean =>
  command === 'list' || (['replay', 'skip'].includes(command) && id !== '');

async function decide(letters: DeadLetters, command: string, id: string): Promise<number> {
  const refusal = command === 'replay' ? await letters.replay(id) : await letters.skip(id, new Date());
  console.log(refusal?.message ?? `${command} of ${id} is ordered; the app acts on it.`);
  return refusal ? 1 : 0;
}

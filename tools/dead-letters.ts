// `npm run dead-letters -- <app> [list | replay <id> | skip <id>]`: what an operator does about events that failed. The
// running app acts on each decision at once. The database is DATABASE_URL's, else that of the stack npm start runs.
import path from 'node:path';
import { deadLetters, messagingEntities } from '@caregraph/messaging';
import { openDatabase } from '@caregraph/runtime';
import { readStackFile } from './stack/stack-file.js';

const usage = 'npm run dead-letters -- <app> [list | replay <id> | skip <id>]';
const [app, command = 'list', id = ''] = process.argv.slice(2);

const databaseUrl = (): string | undefined => {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const { databases } = readStackFile(path.resolve(import.meta.dirname, '../.caregraph/stack.json'));
  return databases[(app ?? '').replaceAll('-', '_')]?.url;
};

async function run(url: string): Promise<number> {
  const orm = await openDatabase(url, { entities: [...messagingEntities], migrations: [] });
  try {
    const letters = deadLetters(orm);
    if (command === 'list') {
      console.table(await letters.list());
      return 0;
    }
    const refusal = command === 'replay' ? await letters.replay(id) : await letters.skip(id, new Date());
    console.log(refusal?.message ?? `${command} of ${id} is ordered; the app acts on it.`);
    return refusal ? 1 : 0;
  } finally {
    await orm.close();
  }
}

const url = app ? databaseUrl() : undefined;
const known = command === 'list' || (['replay', 'skip'].includes(command) && id !== '');
if (url && known) process.exitCode = await run(url);
else {
  console.error(`usage: ${usage}`);
  process.exitCode = 2;
}

// The operator's commands as he types them, and the databases as he sees them.
import { spawn } from 'node:child_process';
import path from 'node:path';
import pg from 'pg';
import { stack } from './story.js';

const root = path.resolve(import.meta.dirname, '../..');

export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** `npm run ops -- ...`, on the stack of the file. */
export function ops(args: readonly string[], file = process.env.CAREGRAPH_STACK_FILE ?? ''): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const { DATABASE_URL: _none, ...inherited } = process.env;
    const child = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'tools/ops.ts'), ...args], {
      cwd: root,
      env: { ...inherited, NODE_OPTIONS: '', CAREGRAPH_STACK_FILE: file },
    });
    let output = '';
    const keep = (text: string): void => {
      output += text;
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve({ code: code ?? -1, output });
    });
  });
}

/** Rows of a database, as the role that owns it. */
export async function sql<Row extends object>(
  database: string,
  text: string,
  values: readonly unknown[] = [],
  describe = () => stack.describe(),
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: describe().databases[database]?.ownerUrl });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** Runs one that must succeed; throws with all that it said where it does not. */
export async function opsDone(args: readonly string[], file?: string): Promise<void> {
  const { code, output } = await ops(args, file);
  if (code !== 0) throw new Error(`ops ${args.join(' ')} ended with ${code}: ${output}`);
}

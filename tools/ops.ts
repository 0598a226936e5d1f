// `npm run ops -- <command> ...`: what an operator does to a running stack. Each file in tools/ops is a command.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

interface Command {
  /** One line per form: what to type after `npm run ops --`, then two spaces or more, then what it does. */
  readonly usage: string;
  /** Returns the exit code: 0 done, 1 refused or found something wrong, 2 not understood. */
  readonly run: (args: readonly string[]) => Promise<number>;
}

const folder = path.join(import.meta.dirname, 'ops');

/** The names of all commands: those of the files, in their order. */
export const commandNames = (): string[] =>
  fs
    .readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.includes('.spec.'))
    .map((file) => path.basename(file, '.ts'))
    .sort();

export const loadCommand = async (name: string): Promise<Command> =>
  (await import(pathToFileURL(path.join(folder, `${name}.ts`)).href)) as Command;

async function help(): Promise<string> {
  const commands = await Promise.all(commandNames().map(loadCommand));
  const lines = commands.flatMap(({ usage }) => usage.trim().split('\n'));
  return ['npm run ops -- <command>', '', ...lines.map((line) => `  ${line.trim()}`), ''].join('\n');
}

async function main([name = 'help', ...args]: readonly string[]): Promise<number> {
  if (['help', '--help', '-h'].includes(name)) {
    process.stdout.write(await help());
    return 0;
  }
  if (!commandNames().includes(name)) {
    process.stderr.write(`There is no command "${name}".\n${await help()}`);
    return 2;
  }
  const { run, usage } = await loadCommand(name);
  try {
    const code = await run(args);
    if (code === 2) process.stderr.write(`usage:\n${usage.trim()}\n`);
    return code;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

if (process.argv[1] === import.meta.filename) process.exitCode = await main(process.argv.slice(2));

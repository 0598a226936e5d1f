// The stack in somebody's terminal: says what runs where, and lives until Ctrl-C.
import path from 'node:path';
import { StackRunning } from './lock.js';
import type { RunningStack } from './running-stack.js';
import { readStackFile, stackFileOf } from './stack-file.js';
import { startStack, type StackOptions } from './start-stack.js';

/** npm passes a Ctrl-C on that the terminal has delivered already: one press must not count as two. */
const samePressMs = 700;

/** Starts the stack, tells about it, and stops it at the first Ctrl-C; a second one kills. */
export async function runInTerminal(
  options: StackOptions,
  whenReady: (stack: RunningStack) => () => void,
): Promise<void> {
  const started = Date.now();
  const interrupted = new AbortController();
  let stack: RunningStack | undefined;
  let firstPress = 0;

  // A terminal that was closed takes no more words; that must not end us before the stack is stopped.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

  const press = (signal: NodeJS.Signals): void => {
    const now = Date.now();
    if (firstPress === 0) {
      firstPress = now;
      process.stdout.write('\nstopping (once more to kill)\n');
      interrupted.abort(new Error(`Stopped by ${signal}.`));
      void stack?.stop();
    } else if (now - firstPress > samePressMs) {
      stack?.terminate();
      process.exit(130);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, press);

  try {
    stack = await startStack({ ...options, signal: interrupted.signal });
  } catch (error) {
    if (interrupted.signal.aborted) return;
    explain(error, options.dir);
    process.exitCode = 1;
    return;
  }
  process.stdout.write(`${summary(stack)}\nready in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
  const leave = whenReady(stack);
  await stack.stopped;
  leave();
  process.stdout.write('stopped\n');
}

function explain(error: unknown, dir: string): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof StackRunning) {
    const { graphql } = readStackFile(stackFileOf(path.resolve(dir)));
    process.stderr.write(`Its graph is at ${graphql}\n`);
  }
}

/** A short table of what runs where, and a first query to paste. */
export function summary(stack: RunningStack): string {
  const { urls, pids, postgres, kafka, graphql, logins } = stack.describe();
  const rows = Object.entries(urls).map(([app, url]) => [app, url, `pid ${pids[app] ?? '-'}`]);
  rows.push(['postgres', `127.0.0.1:${postgres.port}`, `pid ${postgres.pid}`]);
  if (kafka) rows.push(['kafka', kafka.brokers, `pid ${kafka.pid ?? '-'}`]);
  const lines = rows.map(([app = '', url = '', pid = '']) => `  ${app.padEnd(15)} ${url.padEnd(25)} ${pid}`);
  const people = Object.values(logins).filter(({ login, role }) => login === role);
  return [
    '',
    ...lines,
    '',
    `  graph      ${graphql}   (open it in a browser)`,
    `  logs       ${path.join(stack.dir, 'logs')}`,
    `  details    ${stack.file}   (tokens, databases, pids)`,
    ...(people.length > 0
      ? [`  demo logins  ${people.map(({ login, name }) => `${login} (${name})`).join(', ')}`, '']
      : ['']),
    ...firstQuery(graphql, stack.file, logins.patient?.token),
  ].join('\n');
}

function firstQuery(graphql: string, file: string, token: string | undefined): string[] {
  if (token === undefined) return [];
  const read = `node -p 'JSON.parse(require("fs").readFileSync("${file}")).logins.patient.token'`;
  return [
    '  a first query, as a patient:',
    `    curl -s ${graphql} -H 'content-type: application/json' \\`,
    `      -H "authorization: Bearer $(${read})" \\`,
    `      -d '{"query":"{ myPatients { id firstName } practices(first: 2) { edges { node { id name } } } }"}'`,
    '',
  ];
}

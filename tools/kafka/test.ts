// `npm run test:kafka`: the transport's contract, crashes included, and the stories, over a real broker. Starts one
// unless KAFKA_BROKERS names one. Ends with the line `N passed, N failed`; `-- contract` or `-- stories` runs one half.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readResults } from '../test-results.js';
import { startBroker, type Broker } from './broker.js';

const root = path.resolve(import.meta.dirname, '../..');
const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=TimeoutNegativeWarning',
  'node_modules/jest/bin/jest.js',
  '--ci',
];

/** The stories in which events matter most; all others talk to one app, or to vendors. */
const stories = ['demo-stories', 'cancellation', 'live-updates', 'race', 'kill'];

interface Half {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface Count {
  readonly passed: number;
  readonly failed: number;
}

const dir = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), `caregraph-kafka-${process.pid}-`));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What was not run is a failure: nothing is passed over in silence. */
async function run({ name, args, env }: Half): Promise<Count> {
  const started = Date.now();
  const results = path.join(dir, `${name}.json`);
  const { code, output } = await execute([...jest, '--json', `--outputFile=${results}`, ...args], env);
  const read = readResults(results);
  const failed = read
    ? read.numFailedTests + read.numPendingTests + read.numTodoTests + read.numRuntimeErrorTestSuites
    : 1;
  const count = { passed: read?.numPassedTests ?? 0, failed: code !== 0 && failed === 0 ? 1 : failed };
  if (count.failed > 0) say(output);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  say(
    `${count.failed > 0 ? 'FAILED' : 'ok    '} ${name.padEnd(10)} ${count.passed} passed, ${count.failed} failed  ${seconds} s`,
  );
  return count;
}

function execute(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, APOLLO_TELEMETRY_DISABLED: 'true', NX_DAEMON: 'false', NX_TUI: 'false', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code: code ?? 1, output });
    });
  });
}

async function contract(): Promise<Count> {
  const given = process.env.KAFKA_BROKERS;
  let broker: Broker | undefined;
  try {
    broker = given ? undefined : await startBroker({ dir: path.join(dir, 'broker'), say });
    const brokers = given ?? broker?.brokers ?? '';
    say(given ? `over the broker at ${brokers}, which KAFKA_BROKERS names` : `over a broker at ${brokers}`);
    return await run({ name: 'contract', args: [], env: { CAREGRAPH_KAFKA: '1', KAFKA_BROKERS: brokers } });
  } finally {
    await broker?.stop();
  }
}

const halves: Readonly<Record<string, () => Promise<Count>>> = {
  contract,
  // Over a broker of the stack's own, since one of the stories kills it.
  stories: () =>
    run({
      name: 'stories',
      args: [`e2e/(${stories.join('|')})\\.e2e`],
      env: { CAREGRAPH_STORIES: '1', CAREGRAPH_EVENTS: 'kafka', KAFKA_BROKERS: '' },
    }),
};

/** Kafka may not be had at all: that is a failure of this command, told in words. */
async function counted(half: () => Promise<Count>): Promise<Count> {
  try {
    return await half();
  } catch (error) {
    say(`could not run: ${error instanceof Error ? error.message : String(error)}`);
    return { passed: 0, failed: 1 };
  }
}

const wanted = process.argv.slice(2);
let [passed, failed] = [0, 0];
for (const [name, half] of Object.entries(halves)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const count = await counted(half);
  passed += count.passed;
  failed += count.failed;
}
fs.rmSync(dir, { recursive: true, force: true });
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

// `npm test`: everything that must hold before a change is good, the same here and in CI. Ends with the line
// `N passed, N failed`. `npm test -- types unit` runs only the steps named. With CI=true a file with a failed test is run
// once more, and what passes only then is told as flaky: a fault to be mended, but of no change's doing.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { failuresIn, readResults, resultsFolder, type TestResults } from './test-results.js';

const root = path.resolve(import.meta.dirname, '..');

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Jest says how many tests there were; any other step counts as one. */
  readonly jest?: boolean;
}

interface Outcome {
  readonly step: Step;
  readonly passed: number;
  readonly failed: number;
}

const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  '--ci',
];
/** Of this run alone: somebody may test in the same folder at the same time. */
const runFolder = `${resultsFolder}-${process.pid}`;
const resultsOf = (name: string): string => path.join(runFolder, `${name}.json`);

const jestStep = (name: string, args: readonly string[], env: Readonly<Record<string, string>>): Step => ({
  name,
  jest: true,
  command: [...jest, '--json', `--outputFile=${resultsOf(name)}`, ...args],
  env,
});

const zones = ['America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'];
const emit = 'tools/emit.ts';
const exists = (file: string): boolean => fs.existsSync(path.join(root, file));
const hasStories = fs.readdirSync(path.join(root, 'e2e')).some((file) => file.endsWith('.e2e.spec.ts'));

/** Steps of one round run together: each needs one core. Those that need more have a round of their own. */
const rounds: readonly (readonly Step[])[] = [
  [
    { name: 'types', command: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'] },
    { name: 'lint', command: ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'] },
  ],
  [
    {
      name: 'format',
      command: ['node_modules/prettier/bin/prettier.cjs', '--check', '.', '--log-level', 'warn'],
    },
    ...(exists(emit) ? [{ name: 'generated', command: ['--import', 'tsx', emit, '--check'] }] : []),
  ],
  [jestStep('unit', [], { TZ: 'UTC' })],
  // What computes with local time must not depend on where the machine stands.
  ...zones.map((zone) => [
    jestStep(`zone-${zone.split('/')[1] ?? zone}`, ['--passWithNoTests', 'libs/time/', 'availability'], {
      TZ: zone,
    }),
  ]),
  ...(hasStories ? [[jestStep('stories', [], { CAREGRAPH_STORIES: '1' })]] : []),
];

async function run(step: Step): Promise<Outcome> {
  const started = Date.now();
  const { code, output } = await execute(step);
  let outcome = step.jest
    ? count(step, code)
    : { step, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
  if (outcome.failed > 0) {
    process.stdout.write(`${output}\n`);
    outcome = await onceMore(step, outcome);
  }
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  const mark = outcome.failed > 0 ? 'FAILED' : 'ok';
  process.stdout.write(
    `${mark.padEnd(6)} ${step.name.padEnd(16)} ${`${outcome.passed} passed`.padEnd(12)} ${outcome.failed} failed  ${seconds} s\n`,
  );
  return outcome;
}

const flaky: string[] = [];

/** The outcome, or a better one where all that failed passes when its files are run alone. */
async function onceMore(step: Step, first: Outcome): Promise<Outcome> {
  const results = step.jest ? readResults(resultsOf(step.name)) : null;
  const failures = results ? failuresIn(results) : [];
  if (process.env.CI !== 'true' || failures.length === 0) return first;
  const files = [...new Set(failures.map(({ file }) => file))];
  const again = jestStep(`${step.name}-again`, ['--runTestsByPath', ...files], step.env ?? {});
  const { code, output } = await execute(again);
  const second = count(again, code);
  if (second.failed > 0) {
    process.stdout.write(`${output}\n`);
    return first;
  }
  flaky.push(...failures.map(({ file, title }) => `${path.relative(root, file)}: ${title}`));
  return { step, passed: first.passed + failures.length, failed: 0 };
}

/** A suite that could not be loaded, and a test that was not run, are failures: nothing is passed over in silence. */
function count(step: Step, code: number): Outcome {
  const results: TestResults | null = readResults(resultsOf(step.name));
  if (!results) return { step, passed: 0, failed: 1 };
  const unrun = results.numPendingTests + results.numTodoTests + results.numRuntimeErrorTestSuites;
  const failed = results.numFailedTests + unrun;
  return { step, passed: results.numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed };
}

function execute({ command, env }: Step): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const quiet = { APOLLO_TELEMETRY_DISABLED: 'true', NX_DAEMON: 'false', NX_TUI: 'false' };
    const child = spawn(process.execPath, command, {
      cwd: root,
      env: { ...process.env, ...quiet, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code: code ?? 1, output });
    });
  });
}

const wanted = process.argv.slice(2);
fs.mkdirSync(runFolder, { recursive: true });
const outcomes: Outcome[] = [];
for (const round of rounds) {
  const steps = round.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  outcomes.push(...(await Promise.all(steps.map(run))));
}
// The page of requirements is made from whole runs only.
fs.rmSync(wanted.length === 0 ? resultsFolder : runFolder, { recursive: true, force: true });
if (wanted.length === 0) {
  fs.renameSync(runFolder, resultsFolder);
  if (outcomes.every(({ failed }) => failed === 0)) {
    outcomes.push(
      await run({ name: 'requirements', command: ['--import', 'tsx', 'tools/requirements.ts', '--check'] }),
    );
  }
}

const sum = (of: (outcome: Outcome) => number): number =>
  outcomes.reduce((total, outcome) => total + of(outcome), 0);
const [passed, failed] = [sum((outcome) => outcome.passed), sum((outcome) => outcome.failed)];
const broken = outcomes.filter((outcome) => outcome.failed > 0).map(({ step }) => step.name);
if (broken.length > 0) process.stdout.write(`\nfailed: ${broken.join(', ')}\n`);
if (flaky.length > 0) process.stdout.write(`\nflaky, passed on the second try:\n${flaky.join('\n')}\n`);
process.stdout.write(`\n${passed + failed} tests and checks ran\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

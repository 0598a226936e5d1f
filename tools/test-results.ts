// What Jest wrote about a run: counted by `npm test`, and read for the requirements that its tests prove.
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** The last run's results, one file per step. */
export const resultsFolder = path.join(root, '.caregraph', 'test-results');

export interface TestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    /** The absolute path of the file. */
    readonly name: string;
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

/** Null when the run ended before it could write them. */
export function readResults(file: string): TestResults | null {
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as TestResults) : null;
}

/** Each test that failed, and each file that could not be run at all. */
export const failuresIn = ({ testResults }: TestResults): { file: string; title: string }[] =>
  testResults.flatMap(({ name: file, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    if (assertionResults.length === 0) return [{ file, title: 'the file could not be run' }];
    return failed.map(({ title }) => ({ file, title }));
  });

export interface PassedTest {
  readonly title: string;
  /** Relative to the root. */
  readonly file: string;
}

/** Each test that passed in the last run, once, in a stable order. */
export function passedTests(folder = resultsFolder): PassedTest[] {
  const files = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const found = new Map<string, PassedTest>();
  for (const name of files) {
    for (const suite of readResults(path.join(folder, name))?.testResults ?? []) {
      const file = path.relative(root, suite.name).replaceAll(path.sep, '/');
      for (const { title, status } of suite.assertionResults) {
        if (status === 'passed') found.set(`${file}\0${title}`, { title, file });
      }
    }
  }
  return [...found.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, test]) => test);
}

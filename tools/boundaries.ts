// Who may import whom: runs the rules of .dependency-cruiser.mjs over a tree and tells what breaks them.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

interface Report {
  readonly summary: {
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
    }[];
  };
}

/** Everything in the tree that breaks a rule. A tree of its own is judged by this repository's rules. */
export async function boundaryViolations(tree = root): Promise<Violation[]> {
  const folders = ['apps', 'libs', 'tools', 'e2e'].filter((folder) => fs.existsSync(path.join(tree, folder)));
  const cruiser = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const rules = path.join(root, '.dependency-cruiser.mjs');
  const output = await run([cruiser, '--config', rules, '--output-type', 'json', ...folders], tree);
  const { summary } = JSON.parse(output) as Report;
  return summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
}

/** The exit code only counts violations; they are read from the report. */
function run(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.once('error', reject);
    child.once('close', () => {
      if (output.startsWith('{')) resolve(output);
      else reject(new Error(`dependency-cruiser failed: ${errors}${output}`));
    });
  });
}

if (process.argv[1] === import.meta.filename) {
  const violations = await boundaryViolations();
  for (const { rule, from, to } of violations) console.error(`${rule}: ${from} → ${to}`);
  console.log(violations.length === 0 ? 'boundaries hold' : `${violations.length} imports break a boundary`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}

// `npm run bench [-- name…]`: runs the benchmarks, one after the other: files `*.bench.ts` in a folder `bench` of an app or
// a library. These machines are noisy: compare figures of one run with each other, not with yesterday's.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const wanted = process.argv.slice(2);

const files = ['apps', 'libs'].flatMap((kind) =>
  fs.readdirSync(path.join(root, kind)).flatMap((name) => {
    const folder = path.join(root, kind, name, 'bench');
    if (!fs.existsSync(folder)) return [];
    return fs.readdirSync(folder).map((file) => path.join(folder, file));
  }),
);
const chosen = files.filter(
  (file) => file.endsWith('.bench.ts') && (wanted.length === 0 || wanted.some((word) => file.includes(word))),
);
if (chosen.length === 0) {
  console.error(`No benchmark matches ${wanted.join(', ')}.`);
  process.exitCode = 1;
}
for (const file of chosen) {
  console.log(`\n${path.relative(root, file)}`);
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', file], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}

// `npm run bench`: runs each app's measurements one after the other, alone on the machine. `npm run bench -- booking`
// runs one app's.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const wanted = process.argv.slice(2);

const benches = fs.globSync(['apps/*/bench/*.bench.ts', 'libs/*/bench/*.bench.ts'], { cwd: root }).sort();
for (const bench of benches.filter(
  (file) => wanted.length === 0 || wanted.some((name) => file.includes(`/${name}/`)),
)) {
  process.stdout.write(`\n${bench}\n`);
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', bench], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}

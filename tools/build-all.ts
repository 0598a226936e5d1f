// Builds what changed since the last build: Nx compares the sources of each app and of the libraries it uses.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** Resolves when dist/apps is as the sources say; rejects with what the compiler says. */
export function buildWhatChanged(): Promise<void> {
  return new Promise((resolve, reject) => {
    const command = ['node_modules/nx/dist/bin/nx.js', 'run-many', '-t', 'build', '--output-style=static'];
    const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' };
    const child = spawn(process.execPath, command, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`The build failed:\n${output}`));
    });
  });
}

/**
 * The same, and copied into the stack's own folder `apps`: whoever builds meanwhile replaces what lies in dist, and an
 * app that is started again would come up as another one, or not at all.
 */
export async function buildInto(dir: string): Promise<void> {
  await buildWhatChanged();
  fs.rmSync(path.join(dir, 'apps'), { recursive: true, force: true });
  fs.cpSync(path.join(root, 'dist', 'apps'), path.join(dir, 'apps'), { recursive: true });
  const modules = path.join(dir, 'node_modules');
  // Inside the checkout, Node finds them by itself.
  if (!dir.startsWith(root + path.sep)) fs.symlinkSync(path.join(root, 'node_modules'), modules, 'dir');
}

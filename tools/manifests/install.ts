// The tools that render and check manifests: kustomize from Go's modules into the folder of tools, promtool from the
// system's packages. What is there already is used.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const kustomizeVersion = '5.8.0';

const folder = path.resolve(import.meta.dirname, '../../.caregraph-tools/bin');

/** The path of kustomize in our version. Throws with what to do where it can neither be found nor installed. */
export function installKustomize(say: (line: string) => void): string {
  const own = path.join(folder, `kustomize-${kustomizeVersion}`);
  if (fs.existsSync(own)) return own;
  const go = find('go', '/usr/local/go/bin/go', '/usr/lib/go/bin/go') ?? fromPackage('golang-go', 'go', say);
  say(`building kustomize ${kustomizeVersion}, once`);
  fs.mkdirSync(folder, { recursive: true });
  const work = fs.mkdtempSync(path.join(folder, 'building-'));
  try {
    run(go, ['install', `sigs.k8s.io/kustomize/kustomize/v5@v${kustomizeVersion}`], {
      GOBIN: work,
      GOFLAGS: '-modcacherw',
      // The system's Go may be older than what kustomize is written in; then it fetches the one it needs as a module.
      GOTOOLCHAIN: 'auto',
      GOWORK: 'off',
    });
    fs.renameSync(path.join(work, 'kustomize'), own);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
  return own;
}

/** The path of promtool. */
export const installPromtool = (say: (line: string) => void): string =>
  find('promtool') ?? fromPackage('prometheus', 'promtool', say);

const find = (...candidates: readonly string[]): string | undefined =>
  candidates.find((command) => spawnSync(command, ['version'], { stdio: 'ignore' }).status === 0) ??
  candidates.find((command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0);

function fromPackage(packageName: string, command: string, say: (line: string) => void): string {
  const byHand = `${command} is not here; install it (Debian: apt-get install ${packageName}).`;
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) throw new Error(byHand);
  say(`installing ${packageName}`);
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  // The package starts a server as soon as it is installed, unless it is told that none may be started.
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !fs.existsSync(policy);
  if (ours) fs.writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    run('apt-get', ['update', '-qq'], quiet);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', packageName], quiet);
  } finally {
    if (ours) fs.rmSync(policy, { force: true });
  }
  const found = find(command);
  if (found === undefined) throw new Error(byHand);
  return found;
}

export function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd?: string,
): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1_048_576,
    env: { ...process.env, ...env },
    cwd,
  });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? ''}\n${stdout}\n${stderr}`);
  return stdout;
}

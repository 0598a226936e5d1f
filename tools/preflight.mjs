// Runs before every other script, on whatever Node the machine has: installs the dependencies when they are missing,
// changed or half installed. A script of its own, because a shell that installed keeps the Node it started with.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const oldestNode = 20;
const runningNode = 24;
const stampName = '.caregraph-install';

/** What an install depends on: the lock file, and for what machine the optional packages were chosen. */
export function fingerprint(root, nodeMajor = bundledNodeMajor(root)) {
  const lock = fs.readFileSync(path.join(root, 'package-lock.json'));
  return createHash('sha256')
    .update(lock)
    .update(`${process.platform}-${process.arch}-${nodeMajor}`)
    .digest('hex');
}

/** Why the dependencies must be installed (again), or null when they are as the lock file says. */
export function reasonToInstall(root) {
  const modules = path.join(root, 'node_modules');
  if (!fs.existsSync(modules)) return 'they are missing';
  const stamp = readOr(path.join(modules, stampName), '').trim();
  if (stamp !== fingerprint(root)) {
    // Somebody may have run npm by hand since: what is right is never torn down, for other programs may be using it.
    if (!finishedByHand(root))
      return stamp === '' ? 'the last install did not finish' : 'package-lock.json changed';
    writeStamp(root);
  }
  const missing = missingPackages(root);
  if (missing.length > 0)
    return `${missing.slice(0, 3).join(', ')} ${missing.length > 1 ? 'are' : 'is'} not complete`;
  return null;
}

/** Writes down that node_modules is what the lock file says. */
export function writeStamp(root) {
  fs.writeFileSync(path.join(root, 'node_modules', stampName), `${fingerprint(root)}\n`);
}

/** npm writes its hidden lock file last: an install that somebody ran by hand is good when it holds what ours holds. */
function finishedByHand(root) {
  const installed = packagesOf(path.join(root, 'node_modules', '.package-lock.json'));
  const required = requiredPackages(root);
  return (
    required.length > 0 && required.every(([folder, { version }]) => installed[folder]?.version === version)
  );
}

/** Another program, or an install that was stopped half-way, may have removed folders. */
function missingPackages(root) {
  return requiredPackages(root)
    .map(([folder]) => folder)
    .filter((folder) => !fs.existsSync(path.join(root, folder, 'package.json')))
    .map((folder) => folder.replace('node_modules/', ''));
}

/** What the lock file asks for on every platform. */
function requiredPackages(root) {
  const wanted = Object.entries(packagesOf(path.join(root, 'package-lock.json')));
  const isRequired = ([folder, { optional, devOptional, link }]) =>
    folder.startsWith('node_modules/') && !optional && !devOptional && !link;
  return wanted.filter(isRequired);
}

const packagesOf = (file) => JSON.parse(readOr(file, '{}')).packages ?? {};

function bundledNode(root) {
  const binary = path.join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  return fs.existsSync(binary) ? binary : null;
}

/** The lock file names the bundled Node's version, so its presence is all that may differ. */
function bundledNodeMajor(root) {
  return bundledNode(root) ? runningNode : Number(process.versions.node.split('.')[0]);
}

/** npm removes node_modules first, so an install that is interrupted leaves no stamp and is done again. */
function install(root) {
  fs.rmSync(path.join(root, 'node_modules', stampName), { force: true });
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const options = {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: command === 'npm' && process.platform === 'win32',
  };
  const result = spawnSync(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], options);
  if (result.status !== 0)
    fail(
      `npm ci failed${result.error ? `: ${result.error.message}` : ''}; mend what it says above and try again.`,
    );
  writeStamp(root);
}

/** Two commands that start together in one folder must not install at once. Returns how to let go. */
function takeTurn(root) {
  const lock = path.join(root, '.caregraph', 'install.lock');
  fs.mkdirSync(path.dirname(lock), { recursive: true });
  for (;;) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return () => fs.rmSync(lock, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!alive(Number(readOr(lock, '0')))) fs.rmSync(lock, { force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
}

function readOr(file, otherwise) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

function alive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function fail(message) {
  console.error(`preflight: ${message}`);
  process.exit(1);
}

function main() {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
  const major = Number(process.versions.node.split('.')[0]);
  if (major < oldestNode)
    fail(`Node ${process.versions.node} is too old to begin with; ${oldestNode} or newer is needed.`);
  if (reasonToInstall(root) !== null) {
    const leave = takeTurn(root);
    try {
      const reason = reasonToInstall(root);
      if (reason !== null) {
        console.log(`preflight: installing the dependencies, because ${reason}.`);
        install(root);
      }
    } finally {
      leave();
    }
  }
  if (!bundledNode(root) && major < runningNode) {
    fail(
      `no Node ${runningNode} is packaged for ${process.platform}-${process.arch}; install Node ${runningNode} yourself.`,
    );
  }
  console.log('preflight: dependencies are as package-lock.json says.');
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();

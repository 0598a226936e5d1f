// Servers whose owner was killed hard run on: found by their folder, and stopped before the folder is used again.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Temporary data folders carry their owner's pid. */
export const temporaryPrefix = 'caregraph-pg-';

/** An owner that was killed hard leaves its server running; two servers on one folder would destroy it. */
export async function stopLeftover(dir: string): Promise<void> {
  const pidFile = path.join(dir, 'postmaster.pid');
  if (!fs.existsSync(pidFile)) return;
  const pid = Number(fs.readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (!isPostgres(pid)) {
    // The pid was reused by something else, or nothing has it: PostgreSQL recovers by itself once the file is gone.
    fs.rmSync(pidFile, { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  for (let waited = 0; isPostgres(pid); waited += 50) {
    if (waited > 20_000) throw new Error(`A PostgreSQL left behind (pid ${pid}) does not stop.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function isPostgres(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return process.platform !== 'linux';
  }
}

/** Removes the temporary servers of owners that no longer live (a test run that was killed). */
export function sweepAbandonedTemporaries(): void {
  for (const entry of fs.readdirSync(os.tmpdir())) {
    const owner = new RegExp(`^${temporaryPrefix}(\\d+)-`).exec(entry)?.[1];
    if (!owner || alive(Number(owner))) continue;
    const dir = path.join(os.tmpdir(), entry);
    void stopLeftover(dir)
      .then(() => {
        fs.rmSync(dir, { recursive: true, force: true });
      })
      .catch(() => undefined);
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

// How much memory a process holds, as the system counts it.
import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

/** Resident memory of a process, MiB. */
export function residentMiB(pid: number): number {
  if (process.platform === 'linux') {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kibibytes) / 1024;
  }
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Number(stdout.trim()) / 1024;
}

/**
 * By how much a process grows from round to round, MiB. A heap first grows to the size that suits the work and is given
 * back late, so the first rounds warm up, and of the others the smallest growth counts: what leaks grows in each.
 */
export async function growthPerRound(pid: number, round: () => Promise<void>, rounds = 2): Promise<number> {
  await round();
  await round();
  const growths: number[] = [];
  for (let count = 0; count < rounds; count++) {
    const before = residentMiB(pid);
    await round();
    growths.push(residentMiB(pid) - before);
  }
  return Math.min(...growths);
}

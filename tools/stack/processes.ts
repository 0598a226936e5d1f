// Processes that an earlier supervisor left behind when it was killed hard: found by the mark on their command line,
// so that a pid which was reused by somebody else's process is never touched.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

export interface ListedProcess {
  readonly pid: number;
  readonly command: string;
}

/** The argument by which a stack's processes are known; apps ignore it. */
export const markOf = (dir: string): string => `--caregraph-stack=${dir}`;

/** Which of the processes belong to the stack of that folder. */
export function leftoversOf(dir: string, processes: readonly ListedProcess[], self = process.pid): number[] {
  const mark = markOf(dir);
  return processes
    .filter(({ pid, command }) => pid !== self && command.split('\0').includes(mark))
    .map(({ pid }) => pid);
}

/** All processes of this machine that we may look at; arguments are separated by NUL. */
export function listProcesses(): ListedProcess[] {
  if (process.platform === 'linux') {
    return fs.readdirSync('/proc').flatMap((entry) => {
      if (!/^\d+$/.test(entry)) return [];
      const command = readCommand(Number(entry));
      return command ? [{ pid: Number(entry), command }] : [];
    });
  }
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' });
  return (stdout || '').split('\n').flatMap((line) => {
    const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid && command ? [{ pid: Number(pid), command: command.replaceAll(' ', '\0') }] : [];
  });
}

function readCommand(pid: number): string | null {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It ended between the listing and the reading.
    return null;
  }
}

/** Ends what an earlier supervisor of that folder left running; returns how many there were. */
export async function endLeftovers(dir: string, graceMs = 5_000): Promise<number> {
  const pids = leftoversOf(dir, listProcesses());
  for (const pid of pids) signal(pid, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (pids.some(isAlive) && Date.now() < deadline) await pause(50);
  for (const pid of leftoversOf(dir, listProcesses())) signal(pid, 'SIGKILL');
  while (pids.some(isAlive) && Date.now() < deadline + 5_000) await pause(20);
  return pids.length;
}

/** Whether a process has that pid, also somebody else's; one that ended and was not yet collected does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return process.platform !== 'linux' || startTimeOf(pid) !== null;
}

/** When a process began, in the kernel's own count: with the pid it names one process for ever. Null off Linux. */
export function startTimeOf(pid: number): string | null {
  try {
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()?.split(' ') ?? [];
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself meanwhile.
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

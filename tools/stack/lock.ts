// One supervisor per folder. The lock names its owner so exactly that a dead owner's is taken over.
import fs from 'node:fs';
import path from 'node:path';
import { isAlive, startTimeOf } from './processes.js';

interface Owner {
  readonly pid: number;
  readonly startTime: string | null;
}

export class StackRunning extends Error {
  override readonly name = 'StackRunning';
  constructor(
    readonly pid: number,
    dir: string,
  ) {
    super(
      `A stack already runs in ${dir} (supervisor ${pid}); ${path.join(dir, 'stack.json')} says where. Stop it with Ctrl-C there.`,
    );
  }
}

/** Takes the folder for this process; throws StackRunning when a living process has it. Returns how to give it back. */
export function lockFolder(dir: string): () => void {
  const file = path.join(dir, 'supervisor.lock');
  const mine = `${file}.${process.pid}`;
  const owner: Owner = { pid: process.pid, startTime: startTimeOf(process.pid) };
  fs.writeFileSync(mine, JSON.stringify(owner), { mode: 0o600 });
  try {
    // A link appears whole or not at all, unlike a file that is created and then written.
    while (!linked(mine, file)) removeDeadOwner(file, dir);
  } finally {
    fs.rmSync(mine, { force: true });
  }
  return () => {
    fs.rmSync(file, { force: true });
  };
}

function linked(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function removeDeadOwner(file: string, dir: string): void {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    // Given back this very moment.
    return;
  }
  const owner = JSON.parse(text) as Owner;
  if (isOwnerAlive(owner)) throw new StackRunning(owner.pid, dir);
  fs.rmSync(file, { force: true });
}

const isOwnerAlive = ({ pid, startTime }: Owner): boolean => isAlive(pid) && startTimeOf(pid) === startTime;

// A whole stack in a temporary folder, for end-to-end tests: seeded, from the bundles, gone when it is removed.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stopLeftover } from '@caregraph/testing';
import { buildInto } from '../build-all.js';
import { stopStackKafka } from '../kafka/stack-kafka.js';
import { subgraphs } from './apps.js';
import { endLeftovers, isAlive } from './processes.js';
import { seedOf } from './seed.js';
import { startStack } from './start-stack.js';

const prefix = 'caregraph-stack-';

export interface TemporaryStack {
  /** Path of its `stack.json`. */
  readonly file: string;
  /** Stops all and removes the folder; a folder of a failed run may be kept by CAREGRAPH_KEEP=1. */
  remove(): Promise<void>;
}

export async function startTemporaryStack(): Promise<TemporaryStack> {
  await sweepAbandoned(prefix);
  const dir = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), `${prefix}${process.pid}-`));
  // PostgreSQL may run as another user than we, and must get through.
  fs.chmodSync(dir, 0o711);
  const seed = await seedOf();
  const stack = await startStack({
    dir,
    mode: 'bundle',
    bundles: path.join(dir, 'apps'),
    quiet: true,
    kafka: process.env.CAREGRAPH_EVENTS === 'kafka',
    prepare: () => buildInto(dir),
    // As they are deployed. The security specs put a gateway of their own in front, in production mode too.
    variables: (app): Readonly<Record<string, string>> =>
      subgraphs.some((name) => name === app) ? { NODE_ENV: 'production' } : {},
    ...(seed ? { seed } : {}),
  });
  return {
    file: stack.file,
    remove: async () => {
      await stack.stop();
      if (process.env.CAREGRAPH_KEEP !== '1') fs.rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Ends the stacks of runs that were killed, and removes their folders: `<prefix><pid of the run>-…`. */
export async function sweepAbandoned(prefix: string): Promise<void> {
  for (const entry of fs.readdirSync(os.tmpdir())) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(entry)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const dir = path.join(fs.realpathSync(os.tmpdir()), entry);
    // Somebody else's is not ours to remove.
    if (fs.statSync(dir).uid !== process.getuid?.()) continue;
    await endLeftovers(dir);
    await stopStackKafka(dir);
    await stopPostgresOf(dir);
    fs.rmSync(dir, { recursive: true, force: true });
  }
}

/** Its server runs on when its owner was killed. */
async function stopPostgresOf(dir: string): Promise<void> {
  const file = path.join(dir, 'postgres', 'postmaster.pid');
  if (!fs.existsSync(file)) return;
  await stopLeftover(path.dirname(file));
}

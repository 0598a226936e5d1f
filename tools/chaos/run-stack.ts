// A stack for one run, in a folder of the run: its own bundles, its own ports, nothing of anybody else's.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildApp } from '../build.js';
import { seed } from '../demo/seed.js';
import { apps } from '../stack/apps.js';
import type { RunningStack } from '../stack/running-stack.js';
import { startStack } from '../stack/start-stack.js';
import { sweepAbandoned } from '../stack/temporary-stack.js';

const root = path.resolve(import.meta.dirname, '../..');
const prefix = 'caregraph-chaos-';

export interface RunStack {
  readonly stack: RunningStack;
  readonly folder: string;
  /** Starts these apps again with these mistakes switched on, and all others without any. */
  plant(mistake: string | null, victims: readonly string[]): Promise<void>;
  /** Stops all. Of a run with violations the folder stays, and its new place is answered. */
  end(keep: boolean): Promise<string | undefined>;
}

/** `planted` builds the mistakes in; none is switched on yet. */
export async function startRunStack({
  planted,
  kafka,
}: {
  planted: boolean;
  kafka: boolean;
}): Promise<RunStack> {
  await sweepAbandoned(prefix);
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), `${prefix}${process.pid}-`));
  // PostgreSQL may run as another user than we, and must get through.
  fs.chmodSync(folder, 0o711);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted.abort(new Error(`Stopped by ${signal}.`));
    });
  }
  let mistake: string | null = null;
  let spoilt: readonly string[] = [];
  const stack = await startStack({
    dir: folder,
    mode: 'bundle',
    bundles: path.join(folder, 'apps'),
    quiet: true,
    kafka,
    signal: interrupted.signal,
    // What a killed server has written stays with the system, so nothing is lost; a busy disk is not waited for.
    postgresSettings: ['fsync=off'],
    // The logs have them; in a run like this they are what was asked for.
    tellError: () => undefined,
    prepare: () => build(folder, planted),
    seed,
    variables: (app) => ({ CAREGRAPH_PLANTS: spoilt.includes(app) ? (mistake ?? '') : '' }),
  });
  // A run that is broken off leaves nothing running.
  interrupted.signal.addEventListener('abort', () => {
    void stack.stop().finally(() => process.exit(130));
  });
  return {
    stack,
    folder,
    plant: async (next, victims) => {
      const affected = [...new Set([...spoilt, ...victims])];
      mistake = next;
      spoilt = next === null ? [] : victims;
      await Promise.all(affected.map((app) => stack.restart(app)));
    },
    end: async (keep) => {
      await stack.stop();
      if (!keep) {
        fs.rmSync(folder, { recursive: true, force: true });
        return undefined;
      }
      const kept = folder.replace(`${prefix}${process.pid}-`, 'caregraph-kept-');
      fs.renameSync(folder, kept);
      return kept;
    },
  };
}

async function build(folder: string, planted: boolean): Promise<void> {
  for (const { name } of apps) await buildApp(name, path.join(folder, 'apps', name), planted);
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
}

// The demo data is an ordinary API client (tools/demo/seed.ts); the stack only calls it when everything is ready.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RunningStack } from './running-stack.js';

export type Seed = (stack: RunningStack) => Promise<unknown>;

/** The function `seed` of tools/demo/seed.ts; undefined in a checkout without demo data. */
export async function seedOf(): Promise<Seed | undefined> {
  const file = path.resolve(import.meta.dirname, '../demo/seed.ts');
  if (!fs.existsSync(file)) return undefined;
  const { seed } = (await import(pathToFileURL(file).href)) as { seed: Seed };
  return seed;
}

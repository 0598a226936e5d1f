// Reads one app's configuration from the environment of this process, as the app does when it starts, and ends.
import path from 'node:path';
import { readConfig } from '@caregraph/runtime';
import { z } from 'zod';

const app = process.argv[2] ?? '';
const file = path.resolve(import.meta.dirname, '../../apps', app, 'src/config.ts');
// Some read it when they are loaded; of the others we do what their main.ts does.
const module = (await import(file)) as Readonly<Record<string, unknown>>;
for (const [name, exported] of Object.entries(module)) {
  if (exported instanceof z.ZodObject) readConfig(exported, process.env);
  if (name === 'readSandboxConfig') (exported as (environment: typeof process.env) => unknown)(process.env);
}

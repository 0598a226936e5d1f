// How an app's process is called, and what it may see of the developer's own environment.
import path from 'node:path';
import type { AppDefinition } from './apps.js';

/** Which form of the apps runs: what esbuild made, or the TypeScript itself. */
export type StackMode = 'bundle' | 'source';

/** kafkajs asks for timers in the past, which Node takes for now and complains of. */
const quiet = '--disable-warning=TimeoutNegativeWarning';

/** Node's arguments for the app. */
export function scriptOf({ name, entry }: AppDefinition, mode: StackMode, bundles: string): string[] {
  if (entry !== undefined) return [entry];
  return mode === 'bundle'
    ? [quiet, '--enable-source-maps', path.join(bundles, name, 'main.js')]
    : [quiet, '--import', 'tsx', `apps/${name}/src/main.ts`];
}

/** Of the developer's own environment only what a process needs to run at all, so that nothing else can leak in. */
export function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR', 'TEMP', 'SystemRoot', 'TZ'];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

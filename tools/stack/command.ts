// How an app's process is called, and what it may see of the developer's own environment.
import path from 'node:path';
import type { AppCommand } from './app-process.js';
import type { AppDefinition } from './apps.js';
import { environmentOf, type Place } from './environment.js';
import { markOf } from './processes.js';

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

export interface CommandParts {
  readonly dir: string;
  readonly mode: StackMode;
  /** Where the bundles lie. */
  readonly bundles: string;
  readonly place: Place;
  /** What an app gets beside its own variables; asked at each start of it. */
  readonly variables: (app: string) => Readonly<Record<string, string>>;
}

const root = path.resolve(import.meta.dirname, '../..');

/** How the app is started; on another port than the stack's own for it, where one is named. */
export function commandOf(app: AppDefinition, parts: CommandParts, port?: number): AppCommand {
  const { dir, mode, bundles, place, variables } = parts;
  const own = port ?? place.ports[app.name] ?? 0;
  return {
    name: app.name,
    args: [...scriptOf(app, mode, bundles), markOf(dir)],
    cwd: root,
    get env() {
      const given = { ...inherited(), ...environmentOf(app, place), ...variables(app.name) };
      return port === undefined ? given : { ...given, PORT: String(port) };
    },
    readyUrl: `http://127.0.0.1:${own}${app.readyPath ?? '/readyz'}`,
  };
}

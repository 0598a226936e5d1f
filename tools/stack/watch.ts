// Which apps must start again when a file changes: those whose program contains the file, by the bundler's own account.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../build.js';

const root = path.resolve(import.meta.dirname, '../..');
/** Editors write a file several times in a row. */
const settleMs = 150;

/** The files of an app's program, and of the libraries it uses, relative to the root. */
export async function filesOf(app: string): Promise<Set<string>> {
  const { metafile } = await build({
    ...bundleOptions(`apps/${app}/src/main.ts`),
    outdir: 'unused',
    write: false,
    metafile: true,
  });
  return new Set(Object.keys(metafile.inputs));
}

/** What the app reads beside its program: templates and the supergraph. */
export const isAssetOf = (app: string, file: string): boolean =>
  file.startsWith(`apps/${app}/`) &&
  !file.startsWith(`apps/${app}/src/`) &&
  /\.(graphql|json|hbs|txt|html|mjml)$/.test(file);

/** Calls `restart` for each app whose files changed, one after the other. Returns how to stop watching. */
export function watchApps(
  apps: readonly string[],
  restart: (app: string, file: string) => Promise<void>,
): () => void {
  const known = new Map<string, Set<string>>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let working = Promise.resolve();

  const learn = async (app: string): Promise<void> => {
    // A program that does not compile keeps the files it had, so that mending it is seen.
    known.set(app, await filesOf(app).catch(() => known.get(app) ?? new Set<string>()));
  };
  const work = async (): Promise<void> => {
    const files = [...changed];
    changed.clear();
    for (const app of apps) {
      const file = files.find((name) => known.get(app)?.has(name) === true || isAssetOf(app, name));
      if (file === undefined) continue;
      await learn(app);
      await restart(app, file);
    }
  };
  const settle = (): void => {
    working = working.then(work).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    });
  };

  working = working.then(async () => {
    for (const app of apps) await learn(app);
  });
  const watchers = ['apps', 'libs'].map((folder) =>
    fs.watch(path.join(root, folder), { recursive: true }, (_event, name) => {
      if (name === null) return;
      changed.add(path.posix.join(folder, name.replaceAll(path.sep, '/')));
      clearTimeout(timer);
      timer = setTimeout(settle, settleMs);
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

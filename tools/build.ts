// Bundles one app: its sources and the workspace's libraries become one file, what npm installed stays outside.
import fs from 'node:fs';
import path from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');

/** Libraries of this workspace are bundled, packages from npm are not: they are installed beside the bundle. */
const packagesOutside: Plugin = {
  name: 'packages-outside',
  setup(bundler) {
    bundler.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
      kind === 'entry-point' || name.startsWith('@caregraph/') ? undefined : { path: name, external: true },
    );
  },
};

/**
 * The mistakes that the fault campaign plants (libs/runtime/src/planted.ts) are no part of what is shipped: each call
 * becomes `false`, as long as it was so that positions stay, and what stands behind it is dropped as dead code.
 */
const withoutPlants: Plugin = {
  name: 'without-plants',
  setup(bundler) {
    bundler.onLoad({ filter: /\/(apps|libs)\/[^/]+\/src\/.*\.ts$/ }, async ({ path: file }) => {
      // A call that is written in another way finds nothing to import, and the build fails.
      if (file.endsWith('/runtime/src/planted.ts')) return { contents: 'export {}', loader: 'ts' };
      const source = await fs.promises.readFile(file, 'utf8');
      if (!source.includes('planted(')) return undefined;
      const contents = source.replace(/\bplanted\('[\w-]+'\)/g, (call) => 'false'.padEnd(call.length));
      return { contents, loader: 'ts' };
    });
  },
};

/** The options that turn an app's sources into its bundle; the watcher uses them to learn which files an app has. */
export const bundleOptions = (entry: string): BuildOptions => ({
  absWorkingDir: root,
  entryPoints: [entry],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  sourcemap: true,
  // Names of classes become names in GraphQL. The gateway has no such classes, and there the price is paid for each
  // socket: a closure that is given its name by hand weighs 250 bytes more (bench: subscriptions).
  keepNames: entry !== 'apps/gateway/src/main.ts',
  minifySyntax: true,
  plugins: [packagesOutside, withoutPlants],
  logLevel: 'warning',
});

/** Files that an app reads at run time, beside its bundle. */
function copyAssets(app: string, outdir: string): void {
  for (const asset of ['templates', 'supergraph.graphql', 'documents.json']) {
    const source = path.join(root, 'apps', app, asset);
    fs.rmSync(path.join(outdir, asset), { recursive: true, force: true });
    if (fs.existsSync(source)) fs.cpSync(source, path.join(outdir, asset), { recursive: true });
  }
}

/** Each app serves; one with a database also migrates it, as a process of its own. */
export const entriesOf = (app: string): string[] =>
  ['main', 'migrate'].filter((entry) => fs.existsSync(path.join(root, 'apps', app, 'src', `${entry}.ts`)));

/** Bundles an app into a folder. `planted` keeps the mistakes in, for the fault campaign alone. */
export async function buildApp(app: string, outdir: string, planted = false): Promise<void> {
  for (const entry of entriesOf(app)) {
    const options = bundleOptions(`apps/${app}/src/${entry}.ts`);
    const plugins = planted ? [packagesOutside] : options.plugins;
    await build({ ...options, ...(plugins ? { plugins } : {}), outfile: path.join(outdir, `${entry}.js`) });
  }
  copyAssets(app, outdir);
}

async function buildIntoDist(app: string): Promise<void> {
  const started = performance.now();
  await buildApp(app, path.join(root, 'dist', 'apps', app));
  console.log(`built ${app} in ${Math.round(performance.now() - started)} ms`);
}

if (process.argv[1] === import.meta.filename) {
  for (const app of process.argv.slice(2)) await buildIntoDist(app);
}

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

/** The options that turn an app's sources into its bundle; the watcher uses them to learn which files an app has. */
export const bundleOptions = (entry: string): BuildOptions => ({
  absWorkingDir: root,
  entryPoints: [entry],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  sourcemap: true,
  // Class names reach GraphQL and error messages.
  keepNames: true,
  plugins: [packagesOutside],
  logLevel: 'warning',
});

/** Files that an app reads at run time, beside its bundle. */
function copyAssets(app: string, outdir: string): void {
  for (const asset of ['templates', 'supergraph.graphql']) {
    const source = path.join(root, 'apps', app, asset);
    fs.rmSync(path.join(outdir, asset), { recursive: true, force: true });
    if (fs.existsSync(source)) fs.cpSync(source, path.join(outdir, asset), { recursive: true });
  }
}

async function buildApp(app: string): Promise<void> {
  const started = performance.now();
  const outdir = path.join(root, 'dist', 'apps', app);
  await build({ ...bundleOptions(`apps/${app}/src/main.ts`), outfile: path.join(outdir, 'main.js') });
  copyAssets(app, outdir);
  console.log(`built ${app} in ${Math.round(performance.now() - started)} ms`);
}

if (process.argv[1] === import.meta.filename) {
  for (const app of process.argv.slice(2)) await buildApp(app);
}

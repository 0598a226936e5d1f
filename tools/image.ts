// What an app's image contains: its bundle, the files that it reads, and of all installed packages those that it
// really imports, with what these need. `node --import tsx tools/image.ts <app>` writes it to dist/images/<app>.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { buildApp, entriesOf } from './build.js';

const root = path.resolve(import.meta.dirname, '..');

interface LockedPackage {
  readonly version?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

type Lock = Readonly<Record<string, LockedPackage>>;

/** `@scope/name/file` belongs to `@scope/name`. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** The packages that a bundle imports. */
async function importedBy(bundle: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [bundle],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node24',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const outside = imports.filter((one) => one.external === true && !one.path.startsWith('node:'));
  return [...new Set(outside.map((one) => packageOf(one.path)))];
}

/** Where Node finds a package that one in that folder imports: beside it, or further up. */
function folderOf(name: string, from: string, lock: Lock): string | undefined {
  for (let at = from; ;) {
    const candidate = path.posix.join(at, 'node_modules', name);
    if (lock[candidate]) return candidate;
    const up = at.lastIndexOf('node_modules/');
    if (up < 0) return undefined;
    at = at.slice(0, up).replace(/\/$/, '');
  }
}

interface Need {
  readonly name: string;
  readonly required: boolean;
}

/** What a package needs: its dependencies, and its peers, where somebody brings these. */
function needsOf({
  dependencies = {},
  peerDependencies = {},
  peerDependenciesMeta = {},
}: LockedPackage): Need[] {
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
  return [
    ...Object.keys(dependencies).map((name) => ({ name, required: true })),
    ...peers.map((name) => ({ name, required: false })),
  ];
}

/** The folders of these packages and of all that they need, as package-lock.json says. */
export function packagesNeeded(names: readonly string[], lock: Lock): string[] {
  const found = new Set<string>();
  const follow = ({ name, required }: Need, from: string): void => {
    const folder = folderOf(name, from, lock);
    if (folder === undefined && required)
      throw new Error(`${name} is imported from ${from || 'the app'}, and not in package-lock.json.`);
    if (folder === undefined || found.has(folder)) return;
    found.add(folder);
    for (const need of needsOf(lock[folder] ?? {})) follow(need, folder);
  };
  for (const name of names) follow({ name, required: !builtin.has(name) }, '');
  return [...found].sort();
}

/** Node's own modules, when they are imported without `node:`. */
const builtin = new Set(process.getBuiltinModule('node:module').builtinModules);

/** Sources, types and maps of packages are for people who develop with them. */
const isNeeded = (file: string): boolean => !/\.(d\.[mc]?ts|map|tsbuildinfo)$/.test(file);

/** Writes the contents of an app's image. Returns the packages it took along. */
export async function assembleImage(app: string, outdir: string): Promise<string[]> {
  fs.rmSync(outdir, { recursive: true, force: true });
  await buildApp(app, outdir);
  const bundles = entriesOf(app).map((entry) => path.join(outdir, `${entry}.js`));
  const imported = (await Promise.all(bundles.map(importedBy))).flat();
  const { packages } = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Lock;
  };
  const needed = packagesNeeded([...new Set(imported)], packages);
  for (const folder of needed) {
    fs.cpSync(path.join(root, folder), path.join(outdir, folder), {
      recursive: true,
      // What is nested and needed is in the list by itself.
      filter: (source) =>
        !path.relative(path.join(root, folder), source).split(path.sep).includes('node_modules') &&
        isNeeded(source),
    });
  }
  fs.writeFileSync(path.join(outdir, 'package.json'), '{ "type": "module" }\n');
  return needed;
}

if (process.argv[1] === import.meta.filename) {
  for (const app of process.argv.slice(2)) {
    const outdir = path.join(root, 'dist', 'images', app);
    const packages = await assembleImage(app, outdir);
    console.log(`assembled ${app} with ${packages.length} packages`);
  }
}

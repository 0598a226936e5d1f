// What is planted is in no bundle that is shipped, and everything that is planted is proved.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildApp } from '../build.js';
import { apps } from '../stack/apps.js';
import { invariants } from './invariants/all.js';
import { plants } from './plants.js';

const root = path.resolve(import.meta.dirname, '../..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caregraph-plants-'));
afterAll(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

/** The program and its map, which quotes the sources. */
async function bundled(app: string, planted: boolean): Promise<string> {
  const outdir = path.join(folder, planted ? 'planted' : 'shipped', app);
  await buildApp(app, outdir, planted);
  return ['main.js', 'main.js.map']
    .map((file) => fs.readFileSync(path.join(outdir, file), 'utf8'))
    .join('\n');
}

const traces = [...plants.map(({ name }) => name), 'planted(', 'CAREGRAPH_PLANTS'];

function sources(): string[] {
  const all = ['apps', 'libs'].flatMap((part) =>
    fs
      .readdirSync(path.join(root, part), { recursive: true, encoding: 'utf8' })
      .map((file) => path.join(part, file)),
  );
  return all
    .filter((file) => /\/src\/.*(?<!\.spec)\.ts$/.test(file))
    .map((file) => fs.readFileSync(path.join(root, file), 'utf8'));
}

describe('planted mistakes', () => {
  it('leave no trace in what is shipped, neither by name nor as dead code', async () => {
    for (const { name } of apps) {
      const text = await bundled(name, false);
      expect([name, traces.filter((trace) => text.includes(trace))]).toEqual([name, []]);
    }
  }, 120_000);

  it('are all there in the bundles of the proof', async () => {
    const texts = await Promise.all(apps.map(async ({ name }) => [name, await bundled(name, true)] as const));
    for (const { name, victims } of plants) {
      for (const [app, text] of texts)
        if (victims.includes(app)) expect([app, name, text.includes(`"${name}"`)]).toEqual([app, name, true]);
    }
  }, 120_000);

  it('are all proved, and none is proved that nobody makes', () => {
    const made = new Set(
      sources().flatMap((text) => [...text.matchAll(/\bplanted\('([\w-]+)'\)/g)].map(([, name]) => name)),
    );
    expect([...made].sort()).toEqual(plants.map(({ name }) => name).sort());
  });

  it('are each meant for an invariant that there is', () => {
    const known = invariants.map(({ id }) => id);
    expect(plants.filter(({ invariant }) => !known.includes(invariant))).toEqual([]);
  });
});

// A ring of the running stack: its files, what each app has loaded of it, and how far a change of its keys is.
import fs from 'node:fs';
import path from 'node:path';
import { fingerprint } from '@caregraph/runtime';
import { readRing, writeRing, type RingDefinition, type RingKey, type RingUse } from '../../stack/rings.js';
import { readStackFile } from '../../stack/stack-file.js';
import { scrape, type Sample } from './metrics.js';

/** How far a change has come: `added` everywhere or on the way there, `promoted` when all apps sign with the new one. */
export interface Change {
  readonly phase: 'added' | 'promoted';
  /** The new key, by its name in the ring's first file. */
  readonly kid: string;
  readonly at: string;
}

/** What one app has loaded, in order; empty when it does not answer. */
export interface Loaded {
  readonly use: RingUse;
  readonly kids: readonly string[];
}

export const kidOf = (entry: string): string => /^([\w-]{1,32}):/.exec(entry)?.[1] ?? fingerprint(entry);

export class KeyRing {
  private readonly dir: string;

  /** @param stackFile path of the running stack's `stack.json`: the rings lie beside it. */
  constructor(
    readonly definition: RingDefinition,
    private readonly stackFile: string,
  ) {
    this.dir = path.dirname(stackFile);
  }

  get name(): string {
    return this.definition.name;
  }

  keys(): RingKey[] {
    return readRing(this.dir, this.definition);
  }

  write(keys: readonly RingKey[]): void {
    writeRing(this.dir, this.definition, keys);
  }

  /** A key's name, as the apps that use this file tell it; by the first file if none is said. */
  kid(key: RingKey, file = this.definition.uses[0]?.file ?? ''): string {
    return kidOf(key[file] ?? '');
  }

  get change(): Change | undefined {
    return this.changes()[this.name];
  }

  /** Undefined ends the change. */
  set change(change: Change | undefined) {
    const next = `${this.changesFile}.next`;
    fs.writeFileSync(next, `${JSON.stringify({ ...this.changes(), [this.name]: change }, null, 2)}\n`, {
      mode: 0o600,
    });
    fs.renameSync(next, this.changesFile);
  }

  /** What each app that uses the ring has loaded now. */
  loaded(): Promise<Loaded[]> {
    return Promise.all(
      this.definition.uses.map(async (use) => ({
        use,
        kids: kidsIn(await this.samples(use.app), use.variable),
      })),
    );
  }

  async samples(app: string): Promise<readonly Sample[]> {
    return (await scrape(readStackFile(this.stackFile).urls[app])) ?? [];
  }

  /** Backups still hold what a retired key has sealed: it leaves the ring, and not the vault. */
  archive(keys: readonly RingKey[]): void {
    const file = path.join(this.dir, 'keys', `${this.name}.retired`);
    for (const key of keys) fs.appendFileSync(file, `${key[this.name] ?? ''}\n`, { mode: 0o600 });
  }

  private get changesFile(): string {
    return path.join(this.dir, 'keys', 'changes.json');
  }

  private changes(): Record<string, Change | undefined> {
    if (!fs.existsSync(this.changesFile)) return {};
    return JSON.parse(fs.readFileSync(this.changesFile, 'utf8')) as Record<string, Change>;
  }
}

function kidsIn(samples: readonly Sample[], variable: string): string[] {
  const keys = samples.filter(
    ({ name, labels }) => name === 'caregraph_key_ring_keys' && labels.ring === variable,
  );
  const of = (role: string): string[] =>
    keys.flatMap(({ labels: { role: its, kid } }) => (its === role && kid !== undefined ? [kid] : []));
  return [...of('signing'), ...of('accepting')];
}

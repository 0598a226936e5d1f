// What the sandbox remembers beyond its own end: a file of JSON lines, one per change, written before anybody hears of
// the change. Without a folder nothing is written and all ends with the process.
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '@caregraph/runtime';

/** Things by id, in the order in which they came. All that is to outlive the process lies on a shelf. */
export type Shelf<Value> = Map<string, Value>;

/** `[shelf, id, value]`; without a value the thing is gone. */
type Entry = readonly [shelf: string, id: string, value?: unknown];

/** Its owner alone may read it: tokens' private keys and the numbers of test cards are in it. */
const ownerOnly = 0o600;

export class Journal {
  readonly #shelves = new Map<string, WatchedShelf>();
  readonly #file: string | undefined;
  #descriptor: number | undefined;

  /** Reads what was written before. Throws when that is broken anywhere but at its end. */
  constructor(folder?: string, log?: Logger) {
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#file = join(folder, 'state.jsonl');
    if (!existsSync(this.#file)) return;
    for (const [shelf, id, ...rest] of entriesOf(this.#file, log)) {
      if (rest.length > 0) this.shelf(shelf).set(id, rest[0]);
      else this.shelf(shelf).delete(id);
    }
  }

  /**
   * The shelf of this name with what was on it. Its things may be changed in place after `get` or `set`; what was only
   * come across by iterating, or got a turn ago, has to be got again. Values must survive JSON.
   */
  shelf<Value>(name: string): Shelf<Value> {
    const shelf = this.#shelves.get(name) ?? new WatchedShelf();
    this.#shelves.set(name, shelf);
    return shelf as Shelf<Value>;
  }

  /**
   * Writes from now on, into a fresh file without what is out of date. To be called when the port is ours: of two
   * sandboxes that are started on one folder by mistake, the second must not touch it.
   */
  begin(): void {
    if (this.#file === undefined) return;
    const fresh = `${this.#file}.new`;
    this.#descriptor = openSync(fresh, 'w', ownerOnly);
    this.commit();
    renameSync(fresh, this.#file);
  }

  /**
   * Writes what has changed as one line, so that it is kept together or not at all. The write ends in the operating
   * system's memory, which a killed process cannot take along; only a crash of the machine can lose it.
   */
  commit(): void {
    if (this.#descriptor === undefined) return;
    const entries = [...this.#shelves].flatMap(([name, shelf]) =>
      shelf.changes().map(([id, text]) => `[${[JSON.stringify(name), JSON.stringify(id), ...text].join()}]`),
    );
    if (entries.length === 0) return;
    // A file that nobody can find any more remembers nothing, so it is better to fail loudly than to go on.
    if (fstatSync(this.#descriptor).nlink === 0) {
      throw new Error(`Somebody has removed or replaced ${this.#file ?? 'the journal'} under the sandbox.`);
    }
    appendFileSync(this.#descriptor, `[${entries.join()}]\n`);
  }

  close(): void {
    this.commit();
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

/** Notes which of its things may have changed: those that were put there, removed, or handed out one by one. */
class WatchedShelf extends Map<string, unknown> {
  readonly #touched = new Set<string>();
  /** A digest of what was last written, by id: most things that are handed out are only read. */
  readonly #written = new Map<string, string>();

  override get(id: string): unknown {
    this.#touched.add(id);
    return super.get(id);
  }

  override set(id: string, value: unknown): this {
    this.#touched.add(id);
    return super.set(id, value);
  }

  override delete(id: string): boolean {
    this.#touched.add(id);
    return super.delete(id);
  }

  /** What differs from what was last written: the id and the JSON, or nothing for a thing that is gone. */
  changes(): [id: string, text: string[]][] {
    const changes: [string, string[]][] = [];
    for (const id of this.#touched) {
      const text = super.has(id) ? JSON.stringify(super.get(id)) : undefined;
      const digest = text && createHash('sha256').update(text).digest('base64');
      if (digest === this.#written.get(id)) continue;
      if (digest === undefined) this.#written.delete(id);
      else this.#written.set(id, digest);
      changes.push([id, text === undefined ? [] : [text]]);
    }
    this.#touched.clear();
    return changes;
  }
}

function entriesOf(file: string, log: Logger | undefined): Entry[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, index): Entry[] => {
    try {
      return line === '' ? [] : (JSON.parse(line) as Entry[]);
    } catch {
      // Killed in the middle of a write: nobody was told of that change, so it never happened.
      if (index === lines.length - 1) {
        log?.warn('the last change in the journal was not written to its end and is forgotten');
        return [];
      }
      throw new Error(`Line ${index + 1} of ${file} is broken. Move the file away to begin anew.`);
    }
  });
}

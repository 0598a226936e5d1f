// The documents that the clients of this product were built with. Several manifests may be given, since clients are
// built apart from each other; a manifest that changes is read again.
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '@caregraph/runtime';
import { manifest, type TrustedOperation } from './manifest.js';

/** `preferred`: others are served too, within the limits; `only`: nothing else is. */
export type TrustMode = 'off' | 'preferred' | 'only';

export interface TrustOptions {
  readonly mode: TrustMode;
  /** Manifests, or folders of them. */
  readonly files: readonly string[];
}

export class TrustedDocuments {
  private seen = '';
  private byId = new Map<string, TrustedOperation>();
  private texts = new Set<string>();

  private constructor(private readonly options: TrustOptions) {}

  /** Reads the manifests; throws where one is none, or where there is nothing to serve. */
  static async open(options: TrustOptions): Promise<TrustedDocuments> {
    const documents = new TrustedDocuments(options);
    documents.take((await documents.changed()) ?? []);
    if (options.mode === 'only' && documents.byId.size === 0)
      throw new ConfigError('TRUSTED_DOCUMENTS is `only`, and no manifest has a document.');
    return documents;
  }

  get mode(): TrustMode {
    return this.options.mode;
  }

  get operations(): readonly TrustedOperation[] {
    return [...this.byId.values()];
  }

  /** The text of a document, by its id. */
  find(id: string): string | undefined {
    return this.byId.get(id)?.body;
  }

  has(text: string): boolean {
    return this.texts.has(text);
  }

  take(operations: readonly TrustedOperation[]): void {
    this.byId = new Map(operations.map((operation) => [operation.id, operation]));
    this.texts = new Set(operations.map(({ body }) => body));
  }

  /** What the manifests say now; undefined while they say what they said. Rejects for one that is none, once. */
  async changed(): Promise<readonly TrustedOperation[] | undefined> {
    if (this.options.mode === 'off') return undefined;
    const files = (await Promise.all(this.options.files.map((file) => filesIn(file)))).flat();
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    const all = JSON.stringify(texts);
    if (all === this.seen) return undefined;
    this.seen = all;
    return united(files.map((file, at) => [file, operationsIn(file, texts[at] ?? '')]));
  }
}

/** Of a folder the manifests in it: what is mounted into it has links beside it that are no manifests. */
async function filesIn(file: string): Promise<string[]> {
  if (!(await stat(file)).isDirectory()) return [file];
  const names = await readdir(file);
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => path.join(file, name));
}

function operationsIn(file: string, text: string): readonly TrustedOperation[] {
  try {
    return manifest.parse(JSON.parse(text)).operations;
  } catch (cause) {
    throw new ConfigError(`${file} is no manifest of documents.`, { cause });
  }
}

function united(
  manifests: readonly (readonly [string, readonly TrustedOperation[]])[],
): readonly TrustedOperation[] {
  const known = new Map<string, TrustedOperation>();
  for (const [file, operations] of manifests)
    for (const operation of operations) {
      const other = known.get(operation.id);
      if (other && other.body !== operation.body)
        throw new ConfigError(`${file} gives the id ${operation.id} to another document than before.`);
      known.set(operation.id, operation);
    }
  return [...known.values()];
}

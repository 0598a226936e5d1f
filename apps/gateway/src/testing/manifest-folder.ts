// Manifests of documents for specs, in a folder of their own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getOperationAST, parse } from 'graphql';
import { sha256Of } from '../documents/manifest.js';

export interface ManifestFolder {
  readonly folder: string;
  /** Writes a manifest; the documents' ids are their hashes, unless given. */
  write(name: string, ...documents: readonly (string | readonly [string, string])[]): string;
  remove(): void;
}

export function manifestFolder(): ManifestFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'documents-'));
  return {
    folder,
    write: (name, ...documents) => {
      const operations = documents.map((one) => {
        const [body, id] = typeof one === 'string' ? [one, sha256Of(one)] : one;
        const operation = getOperationAST(parse(body));
        return { id, name: operation?.name?.value ?? 'Unnamed', type: operation?.operation, body };
      });
      const file = path.join(folder, `${name}.json`);
      const format = 'apollo-persisted-query-manifest';
      writeFileSync(file, JSON.stringify({ format, version: 1, operations }));
      return file;
    },
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

// The operations of this product's own clients, one to a file in e2e/operations. The demo and the stories send these
// very texts; tools/documents.ts makes the manifest of trusted documents of them.
import fs from 'node:fs';
import path from 'node:path';
import { parse, print } from 'graphql';

const folder = path.resolve(import.meta.dirname, '../../e2e/operations');

/** By name; the texts as they are sent, without comments. */
export const operations: ReadonlyMap<string, string> = new Map(
  fs
    .readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => {
      const text = fs.readFileSync(path.join(folder, file), 'utf8');
      return [path.basename(file, '.graphql'), print(parse(text))];
    }),
);

/** The text of an operation; throws where there is none of that name. */
export function operation(name: string): string {
  const text = operations.get(name);
  if (text === undefined) throw new Error(`There is no e2e/operations/${name}.graphql.`);
  return text;
}

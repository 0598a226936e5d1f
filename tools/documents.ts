// The manifest of trusted documents: written from e2e/operations to apps/gateway/documents.json. `--check` writes nothing
// and fails when it differs. With manifests of other clients' builds named behind it, these are checked against the graph,
// as each team does before it publishes its own.
import fs from 'node:fs';
import path from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import { getOperationAST, parse, type GraphQLSchema } from 'graphql';
import {
  manifest,
  sha256Of,
  type Manifest,
  type TrustedOperation,
} from '../apps/gateway/src/documents/manifest.js';
import { faultOf } from '../apps/gateway/src/documents/plan-ahead.js';
import { operations } from './demo/operations.js';

const root = path.resolve(import.meta.dirname, '..');

/** Where the gateway finds it, beside its program. */
export const manifestFile = 'apps/gateway/documents.json';

/** What clients see of the composed graph. */
export const graphSchema = (): GraphQLSchema =>
  Supergraph.build(fs.readFileSync(path.join(root, 'apps/gateway/supergraph.graphql'), 'utf8'), {
    supportedFeatures: null,
  })
    .apiSchema()
    .toGraphQLJSSchema();

/** The manifest's text, from all operations. */
export function ownManifest(): string {
  const own: Manifest = {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [...operations].map(([file, body]) => operationOf(file, body)),
  };
  return `${JSON.stringify(own, null, 2)}\n`;
}

function operationOf(file: string, body: string): TrustedOperation {
  const operation = getOperationAST(parse(body));
  const name = operation?.name?.value;
  if (!operation || name !== file)
    throw new Error(`e2e/operations/${file}.graphql must have one operation, named ${file}.`);
  return { id: sha256Of(body), name, type: operation.operation, body };
}

/** What the gateway would tell of a manifest: documents that the graph cannot serve, and ids given twice. */
export function faultsIn(text: string, schema = graphSchema()): string[] {
  const { operations: documents } = manifest.parse(JSON.parse(text));
  const ids = documents.map(({ id }) => id);
  return documents.flatMap(({ id, name, body }, index) => {
    const fault = ids.indexOf(id) === index ? faultOf({ schema }, body) : `has the id ${id}, as another one.`;
    return fault === undefined ? [] : [`${name}: ${fault}`];
  });
}

function run(args: readonly string[]): string[] {
  const file = path.join(root, manifestFile);
  const text = ownManifest();
  const isStale = !fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text;
  const faults = faultsIn(text).map((fault) => `e2e/operations/${fault}`);
  for (const other of args.filter((arg) => !arg.startsWith('--')))
    faults.push(...faultsIn(fs.readFileSync(other, 'utf8')).map((fault) => `${other}: ${fault}`));
  if (isStale && args.includes('--check')) faults.push(`${manifestFile} is stale.`);
  if (isStale && faults.length === 0) fs.writeFileSync(file, text);
  return faults;
}

if (process.argv[1] === import.meta.filename) {
  const faults = run(process.argv.slice(2));
  console.log(faults.length > 0 ? faults.join('\n') : `${operations.size} operations, and all can be served`);
  if (faults.length > 0) process.exitCode = 1;
}

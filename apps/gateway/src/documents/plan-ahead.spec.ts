// Trusted documents are planned before they are asked for, also on a graph that is only about to be served.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { followFile } from '../graph/follow-file.js';
import { GraphExecutor } from '../graph/executor.js';
import { Graph } from '../graph/graph.js';
import { supergraphOf } from '../testing/composed-graph.js';
import { until } from '../testing/live-clients.js';
import { manifestFolder, type ManifestFolder } from '../testing/manifest-folder.js';
import { silentLog } from '../testing/silent-log.js';
import type { SubgraphClient } from '../subgraph/subgraph-client.js';
import { openDocuments } from './open-documents.js';
import { planAhead } from './plan-ahead.js';

const graphWith = (field: string): string =>
  supergraphOf({
    one: { sdl: `type Query { a: A } type A @key(fields: "id") { id: ID! ${field}: Int }` },
    two: { sdl: 'type Subscription { ticks: A } type A @key(fields: "id") { id: ID! more: Int }' },
  });

const old = 'query Old { a { old } }';
const young = 'query Young { a { young more } }';
const ticks = 'subscription Ticks { ticks { more } }';

describe('trusted documents', () => {
  let manifests: ManifestFolder;
  beforeEach(() => {
    manifests = manifestFolder();
  });
  afterEach(() => {
    manifests.remove();
  });
  const warned: unknown[] = [];
  const log = Object.assign(Object.create(silentLog) as typeof silentLog, {
    warn: (told: unknown) => warned.push(told),
  });
  const texts = (graph: Graph): string[] => {
    const { operations, subscriptions } = graph.prepared();
    return [...new Set([...operations, ...subscriptions].map(({ text }) => text))].sort();
  };
  const documentsOf = (...documents: string[]) =>
    openDocuments({
      NODE_ENV: 'production',
      TRUSTED_DOCUMENTS_FILES: [manifests.write('clients', ...documents)],
    });

  it('are planned at the start; one that the graph cannot serve is told, and holds up no other', async () => {
    const graph = await Graph.load(graphWith('young'), silentLog);
    const { trusted } = await documentsOf(old, young, ticks);
    warned.length = 0;
    await planAhead(graph, trusted.operations, log);
    expect(texts(graph)).toEqual([young, ticks].sort());
    expect(warned).toMatchObject([{ operation: 'Old', fault: expect.stringMatching(/old/) as string }]);
  });

  it('of our own clients can all be planned on our own graph', async () => {
    const beside = (name: string): string => path.resolve(import.meta.dirname, '../..', name);
    const graph = await Graph.load(readFileSync(beside('supergraph.graphql'), 'utf8'), silentLog);
    const files = [beside('documents.json')];
    const { trusted } = await openDocuments({ NODE_ENV: 'production', TRUSTED_DOCUMENTS_FILES: files });
    warned.length = 0;
    await planAhead(graph, trusted.operations, log);
    expect(warned).toEqual([]);
    expect(texts(graph)).toHaveLength(trusted.operations.length);
  });

  it('are planned on a new supergraph before it takes the place of the present one', async () => {
    const graph = await Graph.load(graphWith('old'), silentLog);
    const executor = new GraphExecutor(graph, () => Promise.reject(new Error('Nobody is called.')));
    const documents = await documentsOf(old, young, ticks);
    const supergraphFile = path.join(manifests.folder, 'supergraph.graphql');
    const planned: string[][] = [];
    // Seen at the moment of the change, not after it.
    executor.onSchemaLoadOrUpdate(() => planned.push(texts(executor.graph)));
    const closers: (() => unknown)[] = [];
    const closing = { add: (_name: string, close: () => unknown) => closers.push(close) } as never;
    const clients = new Map(['one', 'two'].map((name) => [name, {} as SubgraphClient]));
    writeFileSync(supergraphFile, graphWith('young'));
    followFile(executor, { graph, clients, supergraphFile, followEveryMs: 10, documents, log, closing });
    await until(() => planned.length > 0);
    for (const close of closers) await close();
    expect(planned).toEqual([[young, ticks].sort()]);
  });
});

// A supergraph that changes while operations run: the gateway goes on, and serves the new one.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'graphql';
import { supergraphOf } from '../testing/composed-graph.js';
import { silentLog } from '../testing/silent-log.js';
import { Graph } from './graph.js';
import { followSupergraph, type SupergraphFileOptions } from './supergraph-file.js';

const graphWith = (field: string): string =>
  supergraphOf({
    one: { sdl: `type Query { a: A } type A @key(fields: "id") { id: ID! ${field}: Int }` },
    two: { sdl: 'type Subscription { ticks: A } type A @key(fields: "id") { id: ID! more: Int }' },
  });

describe('following the file of the supergraph', () => {
  let folder: string;
  let file: string;
  const replaced: Graph[] = [];
  const faults: string[] = [];
  const log = Object.assign(Object.create(silentLog) as typeof silentLog, {
    error: (told: { err: Error } | string) => faults.push(typeof told === 'string' ? told : told.err.message),
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'supergraph-'));
    file = path.join(folder, 'supergraph.graphql');
    replaced.length = 0;
    faults.length = 0;
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const follow = async (changes: Partial<SupergraphFileOptions> = {}) => {
    writeFileSync(file, graphWith('old'));
    const graph = await Graph.load(graphWith('old'), silentLog);
    const following = followSupergraph(graph, {
      file,
      log,
      everyMs: 10,
      accept: () => undefined,
      replace: (next) => replaced.push(next),
      ...changes,
    });
    return { graph, following };
  };
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('plans what the present graph has served, as far as it is valid, before the new one takes its place', async () => {
    const { graph, following } = await follow({
      replace: (next) => {
        // Seen at the moment of the change, not after it.
        known.push(...next.prepared().operations.map(({ text }) => text));
        known.push(...next.prepared().subscriptions.map(({ text }) => text));
        replaced.push(next);
      },
    });
    const known: string[] = [];
    graph.prepare(parse('{ a { id more } }'));
    graph.prepare(parse('{ a { old } }'));
    graph.prepareSubscription(parse('subscription { ticks { id more } }'));
    writeFileSync(file, graphWith('young'));
    await until(() => replaced.length > 0);
    await following.stop();
    expect(known).toEqual(['{ a { id more } }', 'subscription { ticks { id more } }']);
  });

  it('keeps the present graph when the file is no supergraph, tells it once, and takes the next that is', async () => {
    const { following } = await follow();
    writeFileSync(file, 'type Query { a: Int');
    await until(() => faults.length > 0);
    writeFileSync(file, 'type Query { a: Int }');
    await until(() => faults.length > 1);
    expect(replaced).toEqual([]);
    writeFileSync(file, graphWith('young'));
    await until(() => replaced.length > 0);
    await following.stop();
    expect(faults).toHaveLength(2);
  });

  it('keeps the present graph when the new one is not accepted', async () => {
    const { following } = await follow({
      accept: () => {
        throw new Error('not this one');
      },
    });
    writeFileSync(file, graphWith('young'));
    await until(() => faults.length > 0);
    await following.stop();
    expect([faults, replaced]).toEqual([['not this one'], []]);
  });
});

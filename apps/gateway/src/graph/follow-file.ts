// How the gateway serves a change of the supergraph's file without a restart.
import type { Closing, Logger } from '@caregraph/runtime';
import type { Documents } from '../documents/documents.js';
import { planAhead } from '../documents/plan-ahead.js';
import type { SubgraphClient } from '../subgraph/subgraph-client.js';
import type { GraphExecutor } from './executor.js';
import type { Graph } from './graph.js';
import { followSupergraph } from './supergraph-file.js';

interface Following {
  readonly supergraphFile?: string | URL;
  readonly followEveryMs?: number;
  readonly graph: Graph;
  readonly clients: ReadonlyMap<string, SubgraphClient>;
  readonly documents: Documents;
  readonly log: Logger;
  readonly closing: Closing;
}

/** Throws for a graph with a subgraph that is not configured. */
export function checkConfigured({ subgraphs }: Graph, clients: ReadonlyMap<string, SubgraphClient>): void {
  const missing = subgraphs.filter((name) => !clients.has(name));
  if (missing.length > 0)
    throw new Error(`The supergraph has a subgraph that is not configured: ${missing.join(', ')}.`);
}

/** A supergraph that takes the place of the present one must do with the subgraphs that are configured. */
export function followFile(executor: GraphExecutor, options: Following): void {
  const { supergraphFile: file, followEveryMs: everyMs, graph, log, clients, closing, documents } = options;
  if (file === undefined) return;
  const following = followSupergraph(graph, {
    file,
    log,
    ...(everyMs === undefined ? {} : { everyMs }),
    accept: (next) => {
      checkConfigured(next, clients);
    },
    plan: (next) => planAhead(next, documents.trusted.operations, log),
    replace: (next) => {
      executor.replace(next);
    },
  });
  closing.add('supergraph file', () => following.stop());
}

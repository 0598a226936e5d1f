// Follows the supergraph's file: a change is built and warmed aside, and then takes the place of the present graph. One
// that is no supergraph is told to the log, and nothing changes.
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@caregraph/runtime';
import { Graph } from './graph.js';

export interface SupergraphFileOptions {
  readonly file: string | URL;
  readonly log: Logger;
  /** How often the file is looked at, in milliseconds; a second when left out. Mounted files tell no changes. */
  readonly everyMs?: number;
  /** Throws for a graph that cannot be served: the present one stays. */
  readonly accept: (graph: Graph) => void;
  /** Plans what is asked for surely, first of all. */
  readonly plan?: (graph: Graph) => Promise<void>;
  /** Gets each new graph, warmed. */
  readonly replace: (graph: Graph) => void;
}

/** Starts to follow; returns how to stop. */
export function followSupergraph(present: Graph, options: SupergraphFileOptions): { stop(): Promise<void> } {
  const { file, log, everyMs = 1_000, accept, plan, replace } = options;
  const ended = new AbortController();
  let current = present;
  let seen = present.supergraphSdl;

  const look = async (): Promise<void> => {
    const text = await readFile(file, 'utf8');
    if (text === seen) return;
    // Also one that is refused was seen: it is told once, and not every second.
    seen = text;
    const graph = await Graph.load(text, log);
    accept(graph);
    await plan?.(graph);
    await graph.warmLike(current);
    replace(graph);
    current = graph;
    log.info('the supergraph was replaced');
  };
  const isOver = (): boolean => ended.signal.aborted;
  const follow = async (): Promise<void> => {
    while (!isOver()) {
      await pause(everyMs, undefined, { signal: ended.signal, ref: false }).catch(() => undefined);
      if (isOver()) return;
      await look().catch((error: unknown) => {
        log.error({ err: error }, 'the supergraph could not be replaced');
      });
    }
  };
  const following = follow();
  return {
    stop: () => {
      ended.abort();
      return following;
    },
  };
}

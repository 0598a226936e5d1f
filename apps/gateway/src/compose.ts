// The subgraphs' schemas to one supergraph. Used by `npm run emit`, never while serving: what is served is checked in.
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { variablesOf } from './config.js';

export interface SubgraphSdl {
  readonly name: string;
  readonly sdl: string;
}

/**
 * Composes the supergraph. Throws on any error and on any hint: a hint is a surprise that a client would meet later.
 * In the place of addresses the result has the variables that they are configured by.
 */
export function composeSupergraph(subgraphs: readonly SubgraphSdl[]): string {
  // By name, so that the result does not depend on the order in which files were found.
  const ordered = subgraphs.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const result = composeServices(
    ordered.map(({ name, sdl }) => ({ name, url: variablesOf(name).url, typeDefs: parse(sdl) })),
  );
  const errors = result.errors?.map(({ message }) => message) ?? [];
  const hints = result.hints?.map((hint) => hint.toString()) ?? [];
  if (result.supergraphSdl === undefined || errors.length > 0 || hints.length > 0) {
    throw new Error(`The subgraphs do not compose:\n  ${[...errors, ...hints].join('\n  ')}`);
  }
  return `${result.supergraphSdl.trimEnd()}\n`;
}

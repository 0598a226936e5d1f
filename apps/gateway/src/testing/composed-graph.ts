// Any supergraph for specs, in this process: composed from its subgraphs' SDL, each of which graphql-js executes.
import { buildSubgraphSchema } from '@apollo/subgraph';
import { composeServices } from '@apollo/composition';
import { graphql, parse, type GraphQLSchema } from 'graphql';
import { systemViewer } from '@caregraph/runtime';
import { GraphExecutor, type ExecutorOptions } from '../graph/executor.js';
import type { SubgraphAnswer } from '../graph/fetch-steps.js';
import { Graph } from '../graph/graph.js';
import { deadlineFromNow } from '../operation/operation-rules.js';
import { unavailableAnswer } from '../subgraph/answer.js';
import { silentLog } from './silent-log.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what each spec knows of its own subgraph's objects
type Resolver = (source: any, given: any, context: any, info: any) => unknown;

export interface SpecSubgraph {
  /** Without the `@link`, which is put before it. */
  readonly sdl: string;
  readonly resolvers?: Record<string, Record<string, Resolver>>;
}

export interface SpecAnswer {
  readonly data?: unknown;
  readonly errors?: { message: string; path?: unknown; extensions?: Record<string, unknown> }[];
}

export interface SpecCall {
  readonly subgraph: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

export interface ComposedGraph {
  readonly graph: Graph;
  /** What subgraphs were asked, in order. */
  readonly calls: SpecCall[];
  /** Subgraphs that do not answer. */
  readonly down: Set<string>;
  ask(query: string, variables?: Record<string, unknown>, account?: string): Promise<SpecAnswer>;
}

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key", "@requires",
  "@provides", "@external", "@shareable", "@inaccessible", "@override", "@interfaceObject", "@context", "@fromContext"])\n`;

/** The supergraph; throws when the subgraphs do not compose. */
export function supergraphOf(subgraphs: Record<string, SpecSubgraph>): string {
  const services = Object.entries(subgraphs).map(([name, { sdl }]) => ({
    name,
    url: `http://${name}.invalid/`,
    typeDefs: parse(link + sdl),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

export async function composedGraph(
  subgraphs: Record<string, SpecSubgraph>,
  options: ExecutorOptions = {},
): Promise<ComposedGraph> {
  const graph = await Graph.load(supergraphOf(subgraphs), silentLog);
  const schemas = new Map<string, GraphQLSchema>(
    Object.entries(subgraphs).map(([name, { sdl, resolvers = {} }]) => [
      name,
      buildSubgraphSchema({ typeDefs: parse(link + sdl), resolvers: resolvers as never }),
    ]),
  );
  const calls: SpecCall[] = [];
  const down = new Set<string>();
  const executor = new GraphExecutor(
    graph,
    async ({ subgraph, body }) => {
      const { query, variables } = JSON.parse(body) as Omit<SpecCall, 'subgraph'>;
      calls.push({ subgraph, query, variables });
      const schema = schemas.get(subgraph);
      if (!schema || down.has(subgraph)) return unavailableAnswer();
      const answer = await graphql({ schema, source: query, variableValues: variables, contextValue: {} });
      return JSON.parse(JSON.stringify(answer)) as SubgraphAnswer;
    },
    options,
  );
  const { executor: execute } = await executor.load();
  return {
    graph,
    calls,
    down,
    ask: async (query, variables = {}, account = 'account-1') => {
      const context = { viewer: { ...systemViewer, account }, deadline: deadlineFromNow() };
      const request = { document: parse(query), request: { variables }, schema: graph.schema, context };
      return JSON.parse(JSON.stringify(await execute?.(request as never))) as SpecAnswer;
    },
  };
}

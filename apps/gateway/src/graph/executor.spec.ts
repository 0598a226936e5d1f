// The executor against the stock gateway's: the same plans over our own supergraph, the same random subgraphs.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildOperationContext, executeQueryPlan } from '@apollo/gateway';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import fc from 'fast-check';
import { parse } from 'graphql';
import { systemViewer } from '@caregraph/runtime';
import { plannable } from '../operation/guards.js';
import { silentLog } from '../testing/silent-log.js';
import { RandomGraph } from '../testing/random-graph.js';
import { Graph } from './graph.js';
import { GraphExecutor } from './executor.js';
import type { SubgraphAnswer } from './fetch-steps.js';
import type { Values } from './values.js';

const supergraphSdl = plannable(readFileSync(new URL('../../supergraph.graphql', import.meta.url), 'utf8'));

/** Subgraphs that answer at random, but the same question always alike: an entity by what is known of it. */
class RandomSubgraphs {
  constructor(
    private readonly supergraph: Supergraph,
    private readonly seed: number,
  ) {}

  answer(name: string, query: string, variables: Values): SubgraphAnswer {
    const subgraph = this.supergraph.subgraphs().get(name);
    if (!subgraph) throw new Error(`No subgraph ${name}.`);
    const operation = operationFromDocument(subgraph.schema, parse(query));
    const random = (of: unknown): RandomGraph =>
      new RandomGraph(subgraph.schema, numberOf([this.seed, name, query, of]));
    const { representations } = variables as { representations?: { __typename: string }[] };
    if (!representations) return { data: random(variables).answer(operation) };
    return {
      data: { _entities: representations.map((one) => random(one).entity(operation, one.__typename)) },
    };
  }
}

const numberOf = (parts: unknown): number =>
  createHash('sha256').update(JSON.stringify(parts)).digest().readInt32LE(0) >>> 1;

describe('the executor', () => {
  const supergraph = Supergraph.build(supergraphSdl);
  const apiSchema = supergraph.apiSchema();
  const planner = new QueryPlanner(supergraph);
  const schema = apiSchema.toGraphQLJSSchema();
  const supergraphSchema = supergraph.schema.toGraphQLJSSchema();
  let graph: Graph;
  beforeAll(async () => {
    graph = await Graph.load(supergraphSdl, silentLog);
  });

  async function stock(text: string, variables: Values, subgraphs: RandomSubgraphs): Promise<unknown> {
    const document = parse(text);
    const plan = planner.buildQueryPlan(operationFromDocument(apiSchema, document));
    const sources = Object.fromEntries(
      graph.subgraphs.map((name) => [
        name,
        {
          process: ({ request }: { request: { query?: string; variables?: Values } }) =>
            Promise.resolve(subgraphs.answer(name, request.query ?? '', { ...request.variables })),
        },
      ]),
    );
    const context = { request: { variables }, context: {}, metrics: {}, logger: silentLog };
    const operationContext = buildOperationContext({ schema, operationDocument: document });
    const { data } = await executeQueryPlan(
      plan,
      sources as never,
      context as never,
      operationContext,
      supergraphSchema,
      apiSchema,
    );
    return data;
  }

  async function ours(text: string, variables: Values, subgraphs: RandomSubgraphs): Promise<unknown> {
    const executor = new GraphExecutor(graph, ({ subgraph, body }) => {
      const { query, variables: given } = JSON.parse(body) as { query: string; variables: Values };
      return Promise.resolve(subgraphs.answer(subgraph, query, given));
    });
    const { executor: execute } = await executor.load();
    const request = {
      document: parse(text),
      request: { variables },
      schema: graph.schema,
      context: { viewer: systemViewer },
    };
    const { data } = (await execute?.(request as never)) ?? {};
    return data;
  }

  it('answers 150 random operations over random subgraphs with the data that the stock gateway answers with', async () => {
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 - 1 }), async (seed) => {
        const { text, variables } = new RandomGraph(apiSchema, seed).operation();
        const subgraphs = new RandomSubgraphs(supergraph, seed);
        const [one, other] = await Promise.all([
          ours(text, variables, subgraphs),
          stock(text, variables, subgraphs),
        ]);
        expect(JSON.stringify(one ?? null)).toBe(JSON.stringify(other ?? null));
        if (one) answered += 1;
      }),
      { numRuns: 150 },
    );
    // By chance; of a third there is data.
    expect(answered).toBeGreaterThan(15);
  }, 60_000);
});

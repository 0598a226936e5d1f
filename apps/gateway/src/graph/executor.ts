// What Apollo Server runs operations with: the present graph, its prepared operations, and the calls to subgraphs.
import type { GatewayInterface, GatewaySchemaLoadOrUpdateCallback } from '@apollo/server-gateway-interface';
import { GraphQLError, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { Viewer } from '@caregraph/runtime';
import { demandsOf, type StepUpRules } from '@caregraph/subgraph';
import { refusalsOf } from '../operation/permitted.js';
import type { OperationContext } from '../operation/operation-rules.js';
import type { Graph } from './graph.js';
import type { SubgraphAnswer, SubgraphCall } from './fetch-steps.js';
import { labelsOn, type DecideLabel } from './overrides.js';
import type { Shaped } from './shape.js';
import type { Values } from './values.js';

/** Calls a subgraph for somebody. It answers also when the subgraph does not. */
export type CallSubgraph = (call: SubgraphCall, context: OperationContext) => Promise<SubgraphAnswer>;

export interface ExecutorOptions {
  /** How recent a second factor must be; as usual when left out. */
  readonly stepUp?: StepUpRules;
  /** Whether a named label of an override is on; none is when left out. `percent(n)` needs nobody's word. */
  readonly decideLabel?: DecideLabel | undefined;
}

interface Asked {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables: Readonly<Values>;
}

/** Without data nothing was run. */
export interface Result {
  readonly data?: Values | null;
  readonly errors?: readonly GraphQLError[];
}

type LoadResult = Awaited<ReturnType<GatewayInterface['load']>>;
type Execute = LoadResult['executor'];

export class GraphExecutor implements GatewayInterface {
  private readonly listeners = new Set<GatewaySchemaLoadOrUpdateCallback>();
  /** A request that was validated by a schema is run on the graph of that schema. */
  private readonly graphs = new WeakMap<GraphQLSchema, Graph>();

  constructor(
    private current: Graph,
    private readonly call: CallSubgraph,
    private readonly options: ExecutorOptions = {},
  ) {
    this.graphs.set(current.schema, current);
  }

  get graph(): Graph {
    return this.current;
  }

  /** The graph by whose schema a request was validated. */
  graphOf(schema: GraphQLSchema): Graph {
    return this.graphs.get(schema) ?? this.current;
  }

  /** The labels of overrides that are on for a viewer. */
  labelsFor(viewer: Viewer, graph = this.current): readonly string[] {
    return labelsOn(graph.labels, viewer, this.options.decideLabel ?? (() => false));
  }

  /** Puts another graph in the place of the present one. Requests under way end on the one they began on. */
  replace(graph: Graph): void {
    this.graphs.set(graph.schema, graph);
    this.current = graph;
    for (const listener of this.listeners) listener(updateOf(graph));
  }

  load(): Promise<LoadResult> {
    for (const listener of this.listeners) listener(updateOf(this.current));
    return Promise.resolve({ schema: this.current.schema, executor: this.execute });
  }

  onSchemaLoadOrUpdate(callback: GatewaySchemaLoadOrUpdateCallback): () => void {
    this.listeners.add(callback);
    return () => this.listeners.delete(callback);
  }

  stop(): Promise<void> {
    this.listeners.clear();
    return Promise.resolve();
  }

  /** Runs a valid operation on a graph. Rejects for one that cannot be planned, and when the caller has left. */
  async run(
    graph: Graph,
    { document, operationName, variables }: Asked,
    caller: OperationContext,
  ): Promise<Result> {
    const { viewer } = caller;
    const { stepUp } = this.options;
    const operation = graph.prepare(document, operationName, {
      on: this.labelsFor(viewer, graph),
      meets: demandsOf(viewer, stepUp),
    });
    const faults = operation.faultsOf(variables);
    if (faults.length > 0) return { errors: faults.map(unusable) };
    const errors = refusalsOf(operation.refused, { viewer, variables, stepUp });
    const data: Values = {};
    await operation.run({
      variables,
      data,
      errors,
      call: (call) => this.call(call, caller),
    });
    const shaped = operation.shape(data, variables, operation.introspect(variables));
    errors.push(...unsaid(shaped, errors));
    return errors.length > 0 ? { errors, data: shaped.data } : { data: shaped.data };
  }

  private readonly execute: Execute = ({ document, request, schema, context }) => {
    const { operationName, variables = {} } = request;
    const asked = { document, operationName, variables };
    return this.run(this.graphOf(schema), asked, context as unknown as OperationContext);
  };
}

/** Variables that do not fit are the client's mistake, and nothing was run. */
const unusable = ({ message, nodes, originalError }: GraphQLError): GraphQLError =>
  new GraphQLError(message, {
    nodes: nodes ?? null,
    originalError: originalError ?? null,
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });

const updateOf = (graph: Graph): Parameters<GatewaySchemaLoadOrUpdateCallback>[0] => ({
  apiSchema: graph.schema,
  coreSupergraphSdl: graph.supergraphSdl,
});

/** A null where none may be has an error of its own, unless a subgraph has told why already, above or below it. */
export function unsaid(shaped: Shaped, said: readonly GraphQLError[]): GraphQLError[] {
  return shaped.errors
    .filter(({ path = [] }) => !said.some((error) => isAlong(error.path ?? [], path)))
    .map(
      ({ message, path, extensions: { code = 'INTERNAL_SERVER_ERROR' } }) =>
        new GraphQLError(message, { path: path ?? null, extensions: { code } }),
    );
}

const isAlong = (one: readonly unknown[], other: readonly unknown[]): boolean => {
  const shorter = one.length < other.length ? one : other;
  return shorter.every((_, index) => isSame(one[index], other[index]));
};

/** `@` stands for each entry of a list. */
const isSame = (one: unknown, other: unknown): boolean =>
  one === other || (one === '@' && typeof other === 'number');

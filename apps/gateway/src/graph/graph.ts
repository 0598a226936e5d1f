// One composed graph: its schema, its planner, and each operation that was run on it, compiled. A new supergraph is a
// new Graph; requests that began on the old one end on it.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ApolloGateway } from '@apollo/gateway';
import { operationFromDocument, type FieldSelection, type Operation } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
import {
  executeSync,
  getOperationAST,
  getVariableValues,
  Kind,
  OperationTypeNode,
  parse,
  validate,
  visit,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import { openSpan, type Logger } from '@caregraph/runtime';
import type { Meets } from '@caregraph/subgraph';
import { compileCost, weightsOf, type Cost, type Weights } from '../operation/cost.js';
import { guardsOf, plannable, type Guards } from '../operation/guards.js';
import { demandsIn, deniedBy, permitted, type Permitted, type RefusedField } from '../operation/permitted.js';
import { clientNames, type ProtectNames } from './client-names.js';
import { partsOf, type ApolloParts } from './apollo-parts.js';
import type { Step } from './fetch-steps.js';
import { compilePlan, compileSubscription, type SubscriptionSteps } from './plan-steps.js';
import type { Introspect } from './complete.js';
import { everything, ofOutcome, type Read } from './outcomes.js';
import { PreparedCache } from './prepared-cache.js';
import { compileShape, type Shape } from './shape.js';
import type { Values } from './values.js';

interface Prepared {
  readonly definition: OperationDefinitionNode;
  readonly shape: Shape;
  /** Errors of variables that do not fit. */
  readonly faultsOf: (variables: Readonly<Values>) => readonly GraphQLError[];
  readonly introspect: (variables: Readonly<Values>) => Introspect;
  /** What was taken out of it. */
  readonly refused: readonly RefusedField[];
}

/** A query or mutation, planned and compiled. */
export interface PreparedOperation extends Prepared {
  readonly run: Step;
}

/** A subscription, planned and compiled. */
export interface PreparedSubscription extends Prepared, SubscriptionSteps {}

export class Graph {
  private readonly operations = new PreparedCache<Read<PreparedOperation>>();
  private readonly subscriptions = new PreparedCache<Read<PreparedSubscription>>();
  private readonly guards: Guards;
  private readonly weights: Weights;
  private readonly costs = new PreparedCache<Cost>();

  private readonly protect: ProtectNames;

  private constructor(
    readonly supergraphSdl: string,
    /** What clients see. */
    readonly schema: GraphQLSchema,
    /** The subgraphs' names. */
    readonly subgraphs: readonly string[],
    private readonly parts: ApolloParts,
  ) {
    this.protect = clientNames(parts.supergraphSchema);
    this.guards = guardsOf(supergraphSdl, parts.supergraphSchema);
    this.weights = weightsOf(supergraphSdl);
  }

  /** Builds the graph; rejects for a supergraph that is none. */
  static async load(supergraphSdl: string, log: Logger): Promise<Graph> {
    const subgraphs: string[] = [];
    const gateway = new ApolloGateway({
      supergraphSdl: plannable(supergraphSdl),
      buildService: ({ name }) => {
        subgraphs.push(name);
        return { process: () => Promise.reject(new Error('Calls are made by the executor.')) };
      },
      logger: log,
      // Else anybody could ask for the plan of a query by a header.
      __exposeQueryPlanExperimental: false,
    });
    const { schema } = await gateway.load();
    const graph = new Graph(supergraphSdl, schema, subgraphs, partsOf(gateway));
    await gateway.stop();
    return graph;
  }

  /**
   * Plans and compiles a valid operation; the second time it is there already.
   * @param meets what the caller meets; what he may not have is taken out. Left out, he meets everything.
   */
  prepare(
    document: DocumentNode,
    operationName?: string | null,
    meets: Meets = everything,
  ): PreparedOperation {
    const read = this.operations.get(document, operationName, () =>
      this.read(document, operationName ?? undefined, (operation, common) => {
        const node = operation && this.plan(operation);
        if (node?.kind === 'Subscription') throw new Error('A subscription is not run as a query.');
        return { ...common, run: operation ? compilePlan(node, { ...this.parts, operation }) : nothing };
      }),
    );
    return ofOutcome(read, meets);
  }

  /** The same for a subscription. Whoever calls it without `meets` asks `demandsOf` the operation elsewhere. */
  prepareSubscription(document: DocumentNode, operationName?: string | null): PreparedSubscription {
    const read = this.subscriptions.get(document, operationName, () =>
      this.read(document, operationName ?? undefined, (operation, common) => {
        const node = operation && this.plan(operation);
        if (!operation || node?.kind !== 'Subscription')
          throw new Error('Only a subscription is subscribed to.');
        return { ...common, ...compileSubscription(node, { ...this.parts, operation }) };
      }),
    );
    return ofOutcome(read, everything);
  }

  /** What a valid operation may cost at most; see `cost.ts`. */
  costOf(
    document: DocumentNode,
    operationName: string | null | undefined,
    variables: Readonly<Values>,
  ): number {
    const cost = this.costs.get(document, operationName, () => {
      const operation = getOperationAST(document, operationName);
      if (!operation) throw new Error('The document has no such operation.');
      return compileCost(this.schema, this.weights, document, operation);
    });
    return cost(variables);
  }

  /** What a caller may not have of an operation; a subscription with any of it is not begun. */
  refusedOf(
    document: DocumentNode,
    operationName: string | null | undefined,
    meets: Meets,
  ): readonly RefusedField[] {
    const operation = this.operationOf(document, operationName ?? undefined);
    return permitted(operation, this.guards, deniedBy(this.guards, meets)).refused;
  }

  /**
   * Prepares what another graph has prepared, as far as it is still valid here, so that the first requests after a
   * change of the supergraph need not wait for plans. Lets requests pass between two operations.
   */
  async warmLike(other: Graph): Promise<void> {
    for (const { text, operationName } of other.operations.texts()) {
      const document = parse(text);
      if (validate(this.schema, document).length === 0) this.prepare(document, operationName);
      await nextTurn();
    }
  }

  private operationOf(document: DocumentNode, operationName: string | undefined): Operation {
    const { apiSchema } = this.parts;
    return operationFromDocument(apiSchema, this.protect(document), { operationName });
  }

  private plan(operation: Operation): QueryPlan['node'] {
    const planning = openSpan('plan', { 'graphql.operation.name': operation.name });
    const { node } = this.parts.queryPlanner.buildQueryPlan(operation);
    planning.end();
    return node;
  }

  private read<One>(
    document: DocumentNode,
    operationName: string | undefined,
    make: (operation: Permitted['operation'], common: Prepared) => One,
  ): Read<One> {
    const definition = getOperationAST(document, operationName);
    if (!definition) throw new Error('The document has no such operation.');
    const operation = this.operationOf(document, operationName);
    const definitions = definition.variableDefinitions ?? [];
    const common = {
      definition,
      faultsOf: (variables: Readonly<Values>) => {
        if (definitions.length === 0) return [];
        return getVariableValues(this.schema, definitions, variables).errors ?? [];
      },
      introspect: (variables: Readonly<Values>) => (selection: FieldSelection) =>
        introspection(this.schema, selection, definitions, variables),
    };
    return {
      demands: demandsIn(operation, this.guards),
      outcomes: new Map(),
      make: (meets) => {
        const denies = deniedBy(this.guards, meets);
        const left = permitted(operation, this.guards, denies);
        const { refused } = left;
        return make(left.operation, { ...common, refused, shape: compileShape(operation, denies) });
      },
    };
  }
}

const nothing: Step = () => Promise.resolve();

/** Answers `__schema` and `__type` from the schema itself. */
function introspection(
  schema: GraphQLSchema,
  selection: FieldSelection,
  definitions: readonly VariableDefinitionNode[],
  variables: Readonly<Values>,
): unknown {
  const field = selection.expandFragments().toSelectionNode();
  const used = new Set<string>();
  visit(field, { Variable: ({ name }) => void used.add(name.value) });
  const { data } = executeSync({
    schema,
    document: {
      kind: Kind.DOCUMENT,
      definitions: [
        {
          kind: Kind.OPERATION_DEFINITION,
          operation: OperationTypeNode.QUERY,
          variableDefinitions: definitions.filter(({ variable }) => used.has(variable.name.value)),
          selectionSet: { kind: Kind.SELECTION_SET, selections: [field] },
        },
      ],
    },
    variableValues: variables,
  });
  return data?.[selection.element.responseName()];
}

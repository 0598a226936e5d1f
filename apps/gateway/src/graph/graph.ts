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
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  validate,
  visit,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import { openSpan, type Logger } from '@caregraph/runtime';
import { clientNames, type ProtectNames } from './client-names.js';
import { partsOf, type ApolloParts } from './apollo-parts.js';
import type { Step } from './fetch-steps.js';
import { labelsOf } from './overrides.js';
import { compilePlan, compileSubscription, type SubscriptionSteps } from './plan-steps.js';
import type { Introspect } from './complete.js';
import { Requirements } from './requirements.js';
import { PreparedCache, type OperationText } from './prepared-cache.js';
import { compileShape, type Shape } from './shape.js';
import type { Values } from './values.js';

interface Prepared {
  readonly definition: OperationDefinitionNode;
  readonly shape: Shape;
  /** Errors of variables that do not fit. */
  readonly faultsOf: (variables: Readonly<Values>) => readonly GraphQLError[];
  readonly introspect: (variables: Readonly<Values>) => Introspect;
}

/** A query or mutation, planned and compiled. */
export interface PreparedOperation extends Prepared {
  readonly run: Step;
}

/** A subscription, planned and compiled. */
export interface PreparedSubscription extends Prepared, SubscriptionSteps {}

export class Graph {
  private readonly operations = new PreparedCache<PreparedOperation>();
  private readonly subscriptions = new PreparedCache<PreparedSubscription>();

  /** Of its progressive overrides. */
  readonly labels: readonly string[];

  private readonly protect: ProtectNames;
  private readonly requirements: Requirements;

  private constructor(
    readonly supergraphSdl: string,
    /** What clients see. */
    readonly schema: GraphQLSchema,
    /** The subgraphs' names. */
    readonly subgraphs: readonly string[],
    private readonly parts: ApolloParts,
  ) {
    this.protect = clientNames(parts.supergraphSchema);
    this.requirements = new Requirements(parts.supergraphSchema);
    this.labels = labelsOf(parts.supergraphSchema);
  }

  /** Builds the graph; rejects for a supergraph that is none. */
  static async load(supergraphSdl: string, log: Logger): Promise<Graph> {
    const subgraphs: string[] = [];
    const gateway = new ApolloGateway({
      supergraphSdl,
      buildService: ({ name }) => {
        subgraphs.push(name);
        return { process: () => Promise.reject(new Error('Calls are made by the executor.')) };
      },
      logger: log,
      // Else anybody could ask for the plan of a query by a header.
      __exposeQueryPlanExperimental: false,
    });
    if (supergraphSdl.includes('https://specs.apollo.dev/context/'))
      throw new Error('The supergraph uses @context and @fromContext, which are not supported.');
    const { schema } = await gateway.load();
    const graph = new Graph(supergraphSdl, schema, subgraphs, partsOf(gateway));
    await gateway.stop();
    return graph;
  }

  /**
   * Plans and compiles a valid operation; the second time it is there already.
   * @param on the labels of overrides that are on.
   */
  prepare(
    document: DocumentNode,
    operationName?: string | null,
    on: readonly string[] = [],
  ): PreparedOperation {
    return this.operations.get(document, operationName, on, () => {
      const { node, operation, common } = this.plan(document, operationName ?? undefined, on);
      if (node?.kind === 'Subscription') throw new Error('A subscription is not run as a query.');
      return { ...common, run: compilePlan(node, { ...this.parts, operation }) };
    });
  }

  /** The same for a subscription. It stays with the subgraphs that fields move away from until they have moved. */
  prepareSubscription(document: DocumentNode, operationName?: string | null): PreparedSubscription {
    return this.subscriptions.get(document, operationName, [], () => {
      const { node, operation, common } = this.plan(document, operationName ?? undefined, []);
      if (node?.kind !== 'Subscription') throw new Error('Only a subscription is subscribed to.');
      return { ...common, ...compileSubscription(node, { ...this.parts, operation }) };
    });
  }

  /** The operations that are prepared, those used last first. */
  prepared(): { readonly operations: OperationText[]; readonly subscriptions: OperationText[] } {
    return { operations: this.operations.texts(), subscriptions: this.subscriptions.texts() };
  }

  /**
   * Prepares what another graph has prepared, as far as it is still valid here, so that the first requests after a
   * change of the supergraph need not wait for plans. Lets requests pass between two operations.
   * @param budgetMs after which it is good enough, in milliseconds: texts that were sent once must not hold up a change.
   */
  async warmLike(other: Graph, budgetMs = 5_000): Promise<void> {
    const { operations, subscriptions } = other.prepared();
    const until = performance.now() + budgetMs;
    for (const { text, operationName } of subscriptions) {
      this.tryPrepare(text, (document) => this.prepareSubscription(document, operationName));
      await nextTurn();
    }
    for (const { text, operationName, on } of operations) {
      if (performance.now() > until) return;
      const stillOn = on.filter((label) => this.labels.includes(label));
      this.tryPrepare(text, (document) => this.prepare(document, operationName, stillOn));
      await nextTurn();
    }
  }

  /** One that is not valid or cannot be planned any more is told to whoever sends it, and holds up no other. */
  private tryPrepare(text: string, prepare: (document: DocumentNode) => unknown): void {
    try {
      const document = parse(text);
      if (validate(this.schema, document).length === 0) prepare(document);
    } catch {
      return;
    }
  }

  private plan(
    document: DocumentNode,
    operationName: string | undefined,
    on: readonly string[],
  ): { node: QueryPlan['node']; operation: Operation; common: Prepared } {
    const { apiSchema, queryPlanner } = this.parts;
    const definition = getOperationAST(document, operationName);
    if (!definition) throw noSuchOperation();
    const protectedDocument = this.protect(document);
    const protectedDefinition = getOperationAST(protectedDocument, operationName);
    const clash = protectedDefinition && this.requirements.clashOf(protectedDocument, protectedDefinition);
    if (clash) throw clashing(clash.fields);
    const operation = operationFromDocument(apiSchema, protectedDocument, { operationName });
    const planning = openSpan('plan', { 'graphql.operation.name': definition.name?.value });
    const { node } = queryPlanner.buildQueryPlan(operation, {
      overrideConditions: new Map(this.labels.map((label) => [label, on.includes(label)])),
    });
    planning.end();
    const definitions = definition.variableDefinitions ?? [];
    const common: Prepared = {
      definition,
      shape: compileShape(operation),
      faultsOf: (variables) => {
        if (definitions.length === 0) return [];
        return getVariableValues(this.schema, definitions, variables).errors ?? [];
      },
      introspect: (variables) => (selection) => introspection(this.schema, selection, definitions, variables),
    };
    return { node, operation, common };
  }
}

/** Also where a document has several and none is named. */
const noSuchOperation = (): GraphQLError =>
  new GraphQLError('The document has no such operation.', {
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });

const clashing = ([one, other]: readonly [string, string]): GraphQLError =>
  new GraphQLError(
    `${one} and ${other} need one field with different arguments. Ask for them under different aliases of their object.`,
    { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } },
  );

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

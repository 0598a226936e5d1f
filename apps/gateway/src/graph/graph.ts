// One composed graph: its schema, its planner, and each operation that was run on it, compiled. A new supergraph is a
// new Graph; requests that began on the old one end on it.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ApolloGateway } from '@apollo/gateway';
import { operationFromDocument, type Operation } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
import {
  getOperationAST,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { openSpan, type Logger } from '@caregraph/runtime';
import type { Meets } from '@caregraph/subgraph';
import { compileCost, weightsOf, type Cost, type Weights } from '../operation/cost.js';
import { guardsOf, plannable, type Guards } from '../operation/guards.js';
import { demandsIn, deniedBy, permitted, type Permitted, type RefusedField } from '../operation/permitted.js';
import type { Introspect } from './complete.js';
import { clientNames, type ProtectNames } from './client-names.js';
import { partsOf, type ApolloParts } from './apollo-parts.js';
import type { Step } from './fetch-steps.js';
import { introspection } from './introspection.js';
import { everything, meetsIn, ofOutcome, type Read } from './outcomes.js';
import { labelsOf } from './overrides.js';
import { compilePlan, compileSubscription } from './plan-steps.js';
import { Requirements } from './requirements.js';
import type { Prepared, PreparedFor, PreparedOperation, PreparedSubscription } from './prepared.js';
import { PreparedCache, type OperationText } from './prepared-cache.js';
import { compileShape } from './shape.js';
import type { Values } from './values.js';
import { compileFaults } from './variables.js';

export class Graph {
  private readonly operations = new PreparedCache<Read<PreparedOperation>>();
  private readonly subscriptions = new PreparedCache<Read<PreparedSubscription>>();
  private readonly costs = new PreparedCache<Cost>();

  /** Of its progressive overrides. */
  readonly labels: readonly string[];

  private readonly protect: ProtectNames;
  private readonly requirements: Requirements;
  private readonly guards: Guards;
  private readonly weights: Weights;

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
    if (supergraphSdl.includes('https://specs.apollo.dev/context/'))
      throw new Error('The supergraph uses @context and @fromContext, which are not supported.');
    const { schema } = await gateway.load();
    const graph = new Graph(supergraphSdl, schema, subgraphs, partsOf(gateway));
    await gateway.stop();
    return graph;
  }

  /** Plans and compiles a valid operation; the second time it is there already. */
  prepare(
    document: DocumentNode,
    operationName?: string | null,
    { on = [], meets = everything }: PreparedFor = {},
  ): PreparedOperation {
    const read = this.operations.get(document, operationName, on, () =>
      this.read(document, operationName ?? undefined, (operation, common) => {
        const node = operation && this.plan(operation, on);
        if (node?.kind === 'Subscription') throw new Error('A subscription is not run as a query.');
        return { ...common, run: operation ? compilePlan(node, { ...this.parts, operation }) : nothing };
      }),
    );
    return ofOutcome(read, meets);
  }

  /**
   * The same for a subscription, whole: one of which the caller may not have all is not begun, see `refusedOf`.
   */
  prepareSubscription(
    document: DocumentNode,
    operationName?: string | null,
    on: readonly string[] = [],
  ): PreparedSubscription {
    const read = this.subscriptions.get(document, operationName, on, () =>
      this.read(document, operationName ?? undefined, (operation, common) => {
        const node = operation && this.plan(operation, on);
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
    const cost = this.costs.get(document, operationName, [], () => {
      const operation = getOperationAST(document, operationName);
      if (!operation) throw noSuchOperation(operationName);
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
    const operation = this.operationOf(this.protect(document), operationName ?? undefined);
    return permitted(operation, this.guards, deniedBy(this.guards, meets)).refused;
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
    const until = performance.now() + budgetMs;
    const known = (labels: readonly string[]): string[] =>
      labels.filter((label) => this.labels.includes(label));
    for (const { text, operationName, on } of other.subscriptions.texts()) {
      this.tryPrepare(text, (document) => this.prepareSubscription(document, operationName, known(on)));
      await nextTurn();
    }
    for (const { text, operationName, on: wasOn, one } of other.operations.texts()) {
      if (performance.now() > until) return;
      const on = known(wasOn);
      this.tryPrepare(text, (document) => {
        for (const meets of meetsIn(one)) this.prepare(document, operationName, { on, meets });
      });
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

  private operationOf(protectedDocument: DocumentNode, operationName: string | undefined): Operation {
    return operationFromDocument(this.parts.apiSchema, protectedDocument, { operationName });
  }

  private plan(operation: Operation, on: readonly string[]): QueryPlan['node'] {
    const planning = openSpan('plan', { 'graphql.operation.name': operation.name });
    const { node } = this.parts.queryPlanner.buildQueryPlan(operation, {
      overrideConditions: new Map(this.labels.map((label) => [label, on.includes(label)])),
    });
    planning.end();
    return node;
  }

  private read<One>(
    document: DocumentNode,
    operationName: string | undefined,
    make: (operation: Permitted['operation'], common: Prepared) => One,
  ): Read<One> {
    const definition = getOperationAST(document, operationName);
    if (!definition) throw noSuchOperation(operationName);
    const protectedDocument = this.protect(document);
    const protectedDefinition = getOperationAST(protectedDocument, operationName);
    const clash = protectedDefinition && this.requirements.clashOf(protectedDocument, protectedDefinition);
    if (clash) throw clashing(clash.fields);
    const operation = this.operationOf(protectedDocument, operationName);
    const definitions = definition.variableDefinitions ?? [];
    const common = {
      definition,
      faultsOf: compileFaults(this.schema, definitions, document),
      introspect:
        (variables: Readonly<Values>): Introspect =>
        (selection) =>
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

const noSuchOperation = (name: string | null | undefined): GraphQLError =>
  new GraphQLError(
    name == null
      ? 'The document has not one operation: name the one that is meant by operationName.'
      : 'The document has no such operation.',
    { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } },
  );

const clashing = ([one, other]: readonly [string, string]): GraphQLError =>
  new GraphQLError(
    `${one} and ${other} need one field with different arguments. Ask for them under different aliases of their object.`,
    { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } },
  );

// From the text of a subscription to its plan: the field that its owner pushes, and what completes each event. Parsed and
// validated once per text, and planned once for each combination of labels that callers of it have on.
import {
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import type { Viewer } from '@caregraph/runtime';
import { demandsOf, type StepUpRules } from '@caregraph/subgraph';
import type { GraphExecutor } from '../graph/executor.js';
import type { Graph } from '../graph/graph.js';
import type { PreparedSubscription } from '../graph/prepared.js';
import { documentRules, operationLimits } from '../operation/limits.js';
import { refusalsOf } from '../operation/permitted.js';
import { validatable } from '../operation/root-conditions.js';

export interface PlannedSubscription {
  readonly query: string;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  /** The labels of overrides that it is planned for. */
  readonly on: readonly string[];
  readonly prepared: PreparedSubscription;
}

/** A valid subscription, with its plans by their labels. */
interface KnownText extends Pick<PlannedSubscription, 'query' | 'document' | 'operationName'> {
  readonly plans: Map<string, PlannedSubscription>;
}

/** Enough for every operation of our own clients; the oldest text is forgotten first. */
const mostTexts = 500;

export class SubscriptionPlans {
  /** By text, for one graph: another graph has other plans. */
  private known = new Map<string, KnownText>();
  private graph: Graph;

  constructor(
    private readonly executor: Pick<GraphExecutor, 'graph' | 'labelsFor'>,
    private readonly stepUp?: StepUpRules,
  ) {
    this.graph = executor.graph;
  }

  /** What clients see of the graph. */
  get schema(): GraphQLSchema {
    return this.executor.graph.schema;
  }

  /** As it is for this viewer at present. Throws BAD_USER_INPUT for a text that is no valid subscription. */
  plan(query: string, operationName: string | null | undefined, viewer: Viewer): PlannedSubscription {
    if (this.graph !== this.executor.graph) {
      this.graph = this.executor.graph;
      this.known = new Map();
    }
    const key = `${operationName ?? ''} ${query}`;
    const text = this.known.get(key) ?? this.read(query, operationName ?? undefined);
    this.known.delete(key);
    this.known.set(key, text);
    const [oldest] = this.known.keys();
    if (this.known.size > mostTexts && oldest !== undefined) this.known.delete(oldest);
    return this.planned(text, this.executor.labelsFor(viewer));
  }

  /** Whether the text is a query or a mutation; all else is for `plan` to say. */
  isRequest(query: string, operationName?: string | null): boolean {
    if (this.known.has(`${operationName ?? ''} ${query}`)) return false;
    const kind = getOperationAST(parsed(query), operationName)?.operation;
    return kind === OperationTypeNode.QUERY || kind === OperationTypeNode.MUTATION;
  }

  /** Throws BAD_USER_INPUT for variables that do not fit the operation. */
  checkVariables({ prepared }: PlannedSubscription, variables: Readonly<Record<string, unknown>>): void {
    const faults = prepared.faultsOf(variables);
    if (faults.length > 0) throw refused(faults);
  }

  /** Throws for what the viewer may not have, before anything is asked of a subgraph. */
  checkPermitted(
    { document, operationName }: PlannedSubscription,
    viewer: Viewer,
    variables: Readonly<Record<string, unknown>>,
  ): void {
    const { stepUp } = this;
    const refused = this.graph.refusedOf(document, operationName, demandsOf(viewer, stepUp));
    const [refusal] = refusalsOf(refused, { viewer, variables, stepUp });
    if (refusal) throw refusal;
  }

  /** What one result of it may cost at most. */
  costOf(
    { document, operationName }: PlannedSubscription,
    variables: Readonly<Record<string, unknown>>,
  ): number {
    return this.executor.graph.costOf(document, operationName, variables);
  }

  private planned(text: KnownText, on: readonly string[]): PlannedSubscription {
    const { plans, query, document, operationName } = text;
    const labels = on.join('\n');
    const known = plans.get(labels);
    if (known) return known;
    const prepared = this.graph.prepareSubscription(document, operationName, on);
    const planned = { query, document, operationName, on, prepared };
    plans.set(labels, planned);
    return planned;
  }

  private read(query: string, operationName: string | undefined): KnownText {
    const document = validatable(parsed(query));
    const faults = validate(this.schema, document, [...specifiedRules, ...documentRules]);
    if (faults.length > 0) throw refused(faults);
    const operation = getOperationAST(document, operationName);
    if (!operation) throw refused([new GraphQLError('The document has no such operation.')]);
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
      throw refused([new GraphQLError('Only a subscription is subscribed to.')]);
    }
    return { query, document, operationName, plans: new Map() };
  }
}

function parsed(query: string): DocumentNode {
  try {
    return parse(query, { maxTokens: operationLimits.tokens });
  } catch (error) {
    // The parser goes down with the document: it comes to the end of its stack before it comes to that of the tokens.
    if (error instanceof RangeError) throw refused([new GraphQLError('The document is nested too deeply.')]);
    throw error instanceof GraphQLError ? refused([error]) : error;
  }
}

/** One error that says all: a socket has one message for the end of a subscription. */
const refused = (faults: readonly GraphQLError[]): GraphQLError =>
  new GraphQLError(faults.map(({ message }) => message).join(' '), {
    nodes: faults[0]?.nodes ?? null,
    extensions: { code: 'BAD_USER_INPUT' },
  });

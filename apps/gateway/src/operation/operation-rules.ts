// What the gateway adds to each operation over HTTP and over sockets: the rules that a schema cannot state, and how
// long it took. The same for those that Apollo Server runs (`apollo-rules.ts`) and those that go the short way.
import { GraphQLError, OperationTypeNode, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { describeSpan, isTraced, type Viewer } from '@caregraph/runtime';
import type { AskedDocument, Documents } from '../documents/documents.js';
import type { Graph } from '../graph/graph.js';
import { checkCost, type CostLimits } from '../limits/cost-limits.js';
import { askedBy, type RateLimits } from '../limits/rate-limits.js';
import type { Presence } from '../subgraph/presence.js';
import { rootFieldCount, rootFields } from './root-fields.js';
import { codeOf } from './masking.js';
import { outcomeOf, type GatewayMetrics } from './metrics.js';
import { unstorableText, type UnstorableField } from './unstorable-text.js';

/** What travels with an operation to the data sources. */
export interface OperationContext {
  readonly viewer: Viewer;
  /** When nobody waits for the answer any more, in milliseconds of `performance.now()`. */
  readonly deadline: number;
  /** Whether he still waits; when he has gone, queries for him alone are given up, mutations never. */
  readonly left?: Presence;
  /** The IANA zone that the client named. */
  readonly timeZone?: string | undefined;
  /** What the operation may cost at most, once it is known; see `cost.ts`. */
  cost?: number;
  /** Whose calls may be one with his, once it is known; see `shared-calls.ts`. */
  asker?: string;
  /** The caller has shown the session of his viewer; else it was made for this request, and says nothing of him. */
  readonly knownSession?: boolean;
  /** Where the document was named, and not merely sent. */
  readonly document?: AskedDocument | undefined;
}

/** A valid operation that somebody wants run. */
export interface AskedOperation {
  readonly graph: Pick<Graph, 'costOf'>;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface OperationBudget {
  readonly rates: RateLimits;
  readonly costLimits: CostLimits;
  readonly documents: Documents;
}

/** How long an operation may take in all, in milliseconds; a subgraph that fails slowly must not be waited for twice. */
export const operationPatience = 15_000;

export const deadlineFromNow = (patienceMs = operationPatience): number => performance.now() + patienceMs;

export class OperationRules {
  constructor(
    private readonly metrics: GatewayMetrics,
    private readonly budget: OperationBudget,
  ) {}

  /** Rejects for what must not be run; what it costs counts from here on. */
  async admit(asked: AskedOperation, context: OperationContext): Promise<void> {
    const { graph, document, operation, operationName, variables } = asked;
    const { rates, costLimits, documents } = this.budget;
    const field = unstorableText(variables);
    if (field !== undefined) throw unstorable(field);
    describeOperation(operation.operation, nameOf(operation));
    if (operation.operation === OperationTypeNode.SUBSCRIPTION)
      throw refused('Subscriptions are served over a WebSocket.');
    context.cost = graph.costOf(document, operationName, variables);
    checkCost(context, costLimits);
    if (context.viewer.idempotencyKey !== null) checkKeyed(document, operation);
    await rates.admit(askedBy(context, rootFields(document, operation)));
    if (context.document) documents.remember(context.document, context.viewer);
  }

  /**
   * Counts an answer.
   * @param operation left out for what is no valid operation: only those give their names to the metrics.
   * @param started when the request was begun, of `performance.now()`.
   */
  answered(
    operation: OperationDefinitionNode | undefined,
    errors: readonly GraphQLError[],
    started: number,
  ): void {
    if (errors[0]) describeSpan({ 'error.type': codeOf(errors[0]) });
    this.metrics.request(
      operation ? nameOf(operation) : 'invalid',
      outcomeOf(errors.map((error) => codeOf(error))),
      (performance.now() - started) / 1000,
    );
  }
}

const nameOf = ({ name }: OperationDefinitionNode): string | null => name?.value ?? null;

const describeOperation = (type: string, name: string | null): void => {
  if (!isTraced()) return;
  const attributes = { 'graphql.operation.name': name ?? undefined, 'graphql.operation.type': type };
  describeSpan(attributes, `${type} ${name ?? 'anonymous'}`);
};

/** One key stands for one mutation. */
function checkKeyed(document: DocumentNode, operation: OperationDefinitionNode): void {
  if (operation.operation !== OperationTypeNode.MUTATION || rootFieldCount(document, operation) < 2) return;
  throw refused(
    'Idempotency-Key: an operation with this header has one mutation; use the input field instead.',
  );
}

/** BAD_USER_INPUT for text that no database takes. */
export const unstorable = ({ field, message }: UnstorableField): GraphQLError => {
  const extensions = { code: 'BAD_USER_INPUT', fields: [{ field, message }], http: { status: 400 } };
  return new GraphQLError(`${field}: ${message}`, { extensions });
};

const refused = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });

// From the text of a subscription to its plan: the field that its owner pushes, and what completes each event. Parsed,
// validated and planned once per text.
import { buildOperationContext, type executeQueryPlan } from '@apollo/gateway';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type FetchNode, type QueryPlan } from '@apollo/query-planner';
import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { aliasLimit, sizeLimit, operationLimits } from '../operation/limits.js';

type PlanArguments = Parameters<typeof executeQueryPlan>;

export interface PlannedSubscription {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  /** What its owner is asked to push. */
  readonly primary: FetchNode;
  /** The primary fetch and all that follows it, as a plan that `executeQueryPlan` accepts. */
  readonly completion: QueryPlan;
  readonly operationContext: PlanArguments[3];
}

/** Enough for every operation of our own clients; the oldest text is forgotten first. */
const mostPlans = 500;

export class SubscriptionPlans {
  /** What clients see of the graph. */
  readonly schema: GraphQLSchema;
  readonly supergraphSchema: PlanArguments[4];
  readonly apiSchema: PlanArguments[5];
  private readonly planner: QueryPlanner;
  private readonly known = new Map<string, PlannedSubscription>();

  constructor(supergraphSdl: string) {
    const supergraph = Supergraph.build(supergraphSdl);
    this.apiSchema = supergraph.apiSchema();
    this.schema = this.apiSchema.toGraphQLJSSchema();
    this.supergraphSchema = supergraph.schema.toGraphQLJSSchema();
    this.planner = new QueryPlanner(supergraph);
  }

  /** Throws BAD_USER_INPUT for a text that is no valid subscription. */
  plan(query: string, operationName?: string | null): PlannedSubscription {
    const key = `${operationName ?? ''} ${query}`;
    const planned = this.known.get(key) ?? this.build(query, operationName ?? undefined);
    this.known.delete(key);
    this.known.set(key, planned);
    const [oldest] = this.known.keys();
    if (this.known.size > mostPlans && oldest !== undefined) this.known.delete(oldest);
    return planned;
  }

  /** Throws BAD_USER_INPUT for variables that do not fit the operation. */
  checkVariables(planned: PlannedSubscription, variables: Readonly<Record<string, unknown>>): void {
    const definitions = planned.operationContext.operation.variableDefinitions ?? [];
    const { errors } = getVariableValues(this.schema, definitions, variables);
    if (errors) throw refused(errors);
  }

  private build(query: string, operationName: string | undefined): PlannedSubscription {
    const document = parsed(query);
    const faults = validate(this.schema, document, [...specifiedRules, sizeLimit, aliasLimit]);
    if (faults.length > 0) throw refused(faults);
    const operation = getOperationAST(document, operationName);
    if (!operation) throw refused([new GraphQLError('The document has no such operation.')]);
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
      throw refused([
        new GraphQLError('This socket carries subscriptions; send queries and mutations over HTTP.'),
      ]);
    }
    const { node } = this.planner.buildQueryPlan(
      operationFromDocument(this.apiSchema, document, { operationName }),
    );
    if (node?.kind !== 'Subscription') throw new Error('The planner made no subscription of a subscription.');
    const { primary, rest } = node;
    return {
      document,
      operationName,
      primary,
      // `executeQueryPlan` refuses a plan whose root is a subscription, and takes the same nodes as a sequence.
      completion: {
        kind: 'QueryPlan',
        node: { kind: 'Sequence', nodes: rest ? [primary, rest] : [primary] },
      },
      operationContext: buildOperationContext({
        schema: this.schema,
        operationDocument: document,
        operationName,
      }),
    };
  }
}

function parsed(query: string): DocumentNode {
  try {
    return parse(query, { maxTokens: operationLimits.tokens });
  } catch (error) {
    throw error instanceof GraphQLError ? refused([error]) : error;
  }
}

/** One error that says all: a socket has one message for the end of a subscription. */
const refused = (faults: readonly GraphQLError[]): GraphQLError =>
  new GraphQLError(faults.map(({ message }) => message).join(' '), {
    nodes: faults[0]?.nodes ?? null,
    extensions: { code: 'BAD_USER_INPUT' },
  });

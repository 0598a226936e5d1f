// A query plan as a function: which subgraph is asked for what, in which order, and where its answer goes. Compiled
// once for each operation, because a plan is run thousands of times.
import {
  evaluateCondition,
  type FetchNode,
  type PlanNode,
  type SubscriptionNode,
} from '@apollo/query-planner';
import type { Operation } from '@apollo/federation-internals';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { Path } from './entities.js';
import {
  compileCall,
  compileFetch,
  shownStep,
  takeAnswer,
  type PlanRun,
  type Step,
  type SubgraphAnswer,
} from './fetch-steps.js';
import type { Values } from './values.js';

export interface PlanParts {
  readonly operation: Operation;
  readonly supergraphSchema: GraphQLSchema;
}

/** Throws for a plan with @defer, which no validated operation has. */
export function compilePlan(node: PlanNode | undefined, parts: PlanParts): Step {
  return node ? compileNode(node, [], parts) : () => Promise.resolve();
}

/** What is sent over the socket to a subgraph. */
export interface UpstreamRequest {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly operationName?: string | undefined;
}

/** A subscription: what its owner is asked to push, and what completes each of its events. */
export interface SubscriptionSteps {
  /** The subgraph that owns the field. */
  readonly owner: string;
  /** What its owner is asked. */
  readonly request: (variables: Readonly<Values>) => UpstreamRequest;
  /** Takes an event into the run. */
  readonly take: (run: PlanRun, event: SubgraphAnswer) => void;
  readonly complete: Step;
}

export function compileSubscription(
  { primary, rest }: SubscriptionNode,
  parts: PlanParts,
): SubscriptionSteps {
  const sent = compileCall(primary, parts.supergraphSchema);
  const { serviceName, operation, operationName, variableUsages = [] } = primary;
  return {
    owner: serviceName,
    request: (variables) => ({
      query: operation,
      operationName,
      variables: Object.fromEntries(
        variableUsages.flatMap((name) => {
          const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
          return value === undefined ? [] : [[name, value]];
        }),
      ),
    }),
    take: (run, event) => {
      takeAnswer(run, event, primary, [], [run.data], sent);
    },
    complete: compilePlan(rest, parts),
  };
}

function compileNode(node: PlanNode, path: Path, parts: PlanParts): Step {
  switch (node.kind) {
    case 'Sequence': {
      const steps = node.nodes.map((child) => compileNode(child, path, parts));
      return async (run) => {
        for (const step of steps) await step(run);
      };
    }
    case 'Parallel': {
      const steps = node.nodes.map((child) => compileNode(child, path, parts));
      return async (run) => {
        await Promise.all(steps.map((step) => step(run)));
      };
    }
    case 'Flatten':
      return compileNode(node.node, [...path, ...node.path], parts);
    case 'Condition': {
      const taken = node.ifClause && compileNode(node.ifClause, path, parts);
      const other = node.elseClause && compileNode(node.elseClause, path, parts);
      const { variableDefinitions } = parts.operation;
      return async (run) => {
        await (evaluateCondition(node, variableDefinitions, run.variables) ? taken : other)?.(run);
      };
    }
    case 'Fetch':
      return guarded(node, path, compileFetch(node, path, parts.supergraphSchema));
    case 'Defer':
      throw new Error('@defer is not supported.');
  }
}

/** An answer that breaks the protocol costs its own fields only; what ends the whole operation is a GraphQLError. */
const guarded =
  (node: FetchNode, path: Path, step: Step): Step =>
  async (run) => {
    try {
      await step(run);
    } catch (error) {
      if (error instanceof GraphQLError) throw error;
      const message = `The subgraph ${node.serviceName} could not be asked.`;
      const at = path.filter((part) => part !== '@').map(shownStep);
      run.errors.push(
        new GraphQLError(message, {
          path: at,
          originalError: error instanceof Error ? error : new Error(message),
        }),
      );
    }
  };

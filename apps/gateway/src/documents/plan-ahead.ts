// Trusted documents are planned before anybody asks for them: at the start, when a manifest changes, and on a new
// supergraph before it takes the place of the present one.
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  getOperationAST,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
} from 'graphql';
import type { Logger } from '@caregraph/runtime';
import { demandsOf, type Meets } from '@caregraph/subgraph';
import { everything } from '../graph/outcomes.js';
import { nobody } from '../caller/nobody.js';
import type { Graph } from '../graph/graph.js';
import { documentRules, operationLimits } from '../operation/limits.js';
import { validatable } from '../operation/root-conditions.js';
import type { TrustedOperation } from './manifest.js';

/** What is left after so many milliseconds is planned when it is asked for: nobody waits longer for a start. */
const patience = 15_000;

const anonymous = nobody('');

/** What a document is without is planned apart: for who may have all, who is merely logged in, and who is not. */
const kinds: readonly Meets[] = [
  everything,
  demandsOf({ ...anonymous, account: 'somebody' }),
  demandsOf(anonymous),
];

/** Why a document cannot be served by a graph; undefined when it can. Tokens count, too. */
export function faultOf(graph: Pick<Graph, 'schema'>, text: string): string | undefined {
  try {
    const faults = validate(graph.schema, readable(text), [...specifiedRules, ...documentRules]);
    return faults.length > 0 ? faults.map(({ message }) => message).join(' ') : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const readable = (text: string): DocumentNode =>
  validatable(parse(text, { maxTokens: operationLimits.tokens }));

/** Lets requests pass between two documents. One that is not valid any more is told to the log, and holds up nothing. */
export async function planAhead(
  graph: Graph,
  operations: readonly TrustedOperation[],
  log: Pick<Logger, 'warn'>,
): Promise<void> {
  const until = performance.now() + patience;
  for (const { id, name, body } of operations) {
    if (performance.now() > until) return;
    const fault = faultOf(graph, body) ?? planned(graph, body, name);
    if (fault !== undefined)
      log.warn({ documentId: id, operation: name, fault }, 'a trusted document cannot be served');
    await nextTurn();
  }
}

/** Under its name and without one, since clients send it either way. */
function planned(graph: Graph, text: string, name: string): string | undefined {
  try {
    const document = readable(text);
    for (const operationName of [name, undefined]) {
      if (getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION)
        graph.prepareSubscription(document, operationName);
      else for (const meets of kinds) graph.prepare(document, operationName, { meets });
    }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

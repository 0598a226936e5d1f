// One fetch of a plan: what is sent to the subgraph, and where its answer and its errors go.
import type { FetchNode } from '@apollo/query-planner';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { nameForClient } from './client-names.js';
import { entitiesAt, pathsOf, type Path } from './entities.js';
import { copyOf, mergeInto } from './merge.js';
import { compileRepresentation, compileText, type EntityText } from './representations.js';
import { compileRewrites, type Rewrite } from './rewrites.js';
import type { Values } from './values.js';

/** One call of a subgraph, ready to be sent. */
export interface SubgraphCall {
  readonly subgraph: string;
  readonly kind: FetchNode['operationKind'];
  /** `{"query":…,"variables":…}`, serialised. */
  readonly body: string;
}

export interface SubgraphFault {
  readonly message?: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface SubgraphAnswer {
  readonly data?: Values | null;
  readonly errors?: readonly SubgraphFault[];
}

/** One run of a plan. */
export interface PlanRun {
  readonly variables: Readonly<Values>;
  /** What is known so far; steps add to it. */
  readonly data: Values;
  readonly errors: GraphQLError[];
  readonly call: (call: SubgraphCall) => Promise<SubgraphAnswer>;
}

export type Step = (run: PlanRun) => Promise<void>;

interface Sent {
  readonly call: (run: Pick<PlanRun, 'variables'>, representations?: string) => SubgraphCall;
  readonly output: Rewrite | undefined;
}

export const compileCall = (node: FetchNode, schema: GraphQLSchema): Sent => ({
  call: callOf(node),
  output: compileRewrites(schema, node.outputRewrites),
});

export function compileFetch(node: FetchNode, path: Path, schema: GraphQLSchema): Step {
  const sent = compileCall(node, schema);
  return node.requires ? entityFetch(node, path, schema, sent) : plainFetch(node, path, sent);
}

function plainFetch(node: FetchNode, path: Path, sent: Sent): Step {
  return async (run) => {
    const targets = entitiesAt(run.data, path);
    if (targets.length === 0) return;
    takeAnswer(run, await run.call(sent.call(run)), node, path, targets, sent);
  };
}

export function takeAnswer(
  run: PlanRun,
  { data, errors }: SubgraphAnswer,
  node: FetchNode,
  path: Path,
  targets: readonly Values[],
  { output }: Sent,
): void {
  for (const fault of errors ?? [])
    run.errors.push(errorOf(fault, node, fault.path && [...path, ...fault.path]));
  if (!data) return;
  output?.(data);
  for (const target of targets) mergeInto(target, data);
}

function entityFetch(node: FetchNode, path: Path, schema: GraphQLSchema, { call, output }: Sent): Step {
  const text = textOf(node, schema);
  return async (run) => {
    const targets = entitiesAt(run.data, path);
    const { texts, holders } = askedFor(targets, text);
    if (texts.length === 0) return;
    const { data, errors } = await run.call(call(run, `[${texts.join(',')}]`));
    if (errors) addEntityErrors(run, errors, node, path, holders);
    if (!data) return;
    const received = data._entities;
    if (!Array.isArray(received) || received.length !== holders.length)
      throw new Error(`Expected "data._entities" to have ${holders.length} elements.`);
    for (let position = 0; position < holders.length; position += 1)
      takeEntity(received[position] as Values | null, holders[position] ?? [], targets, output);
  };
}

/** What a subgraph is asked for. */
interface AskedEntities {
  /** Their representations: each entity once, however often the data has it. */
  readonly texts: readonly string[];
  /** Which targets each of them stands for. */
  readonly holders: readonly (readonly number[])[];
}

function askedFor(targets: readonly Values[], { textOf, keyOf }: EntityText): AskedEntities {
  const texts: string[] = [];
  const holders: number[][] = [];
  const byKey = new Map<string, number[]>();
  const byText = new Map<string, number[]>();
  for (let index = 0; index < targets.length; index += 1) {
    const target = targets[index] as Values;
    const key = keyOf(target);
    const alike = key === undefined ? undefined : byKey.get(key);
    if (alike) {
      alike.push(index);
      continue;
    }
    const text = textOf(target);
    if (text === undefined) continue;
    const same = key === undefined ? byText.get(text) : undefined;
    if (same) {
      same.push(index);
      continue;
    }
    const own = [index];
    texts.push(text);
    holders.push(own);
    if (key === undefined) byText.set(text, own);
    else byKey.set(key, own);
  }
  return { texts, holders };
}

/** How an entity is named to the subgraph: as it is, or as the planner wants it rewritten. */
function textOf({ requires = [], inputRewrites }: FetchNode, schema: GraphQLSchema): EntityText {
  const rewrite = compileRewrites(schema, inputRewrites);
  if (!rewrite) return compileText(schema, requires);
  const represent = compileRepresentation(schema, requires);
  return {
    keyOf: () => undefined,
    textOf: (entity) => {
      const representation = represent(entity);
      if (!representation?.__typename) return undefined;
      rewrite(representation);
      return JSON.stringify(representation);
    },
  };
}

/** Several places of one entity each get their own copy: later answers are merged in place. */
function takeEntity(
  received: Values | null,
  holders: readonly number[],
  targets: readonly Values[],
  output: Rewrite | undefined,
): void {
  if (!received) return;
  for (let nth = 0; nth < holders.length; nth += 1) {
    const target = targets[holders[nth] ?? -1];
    if (!target) continue;
    const own = nth === holders.length - 1 ? received : copyOf(received);
    own.__typename ??= target.__typename;
    output?.(own);
    mergeInto(target, own);
  }
}

/** `_entities[2].price` becomes the path of the third entity that was asked for, wherever the answer has it. */
function addEntityErrors(
  run: PlanRun,
  errors: readonly SubgraphFault[],
  node: FetchNode,
  path: Path,
  holders: readonly (readonly number[])[],
): void {
  const paths = pathsOf(run.data, path);
  for (const fault of errors) {
    const position = fault.path?.[1];
    const places = typeof position === 'number' ? (holders[position] ?? []) : holders.flat().slice(0, 1);
    const within = typeof position === 'number' ? (fault.path?.slice(2) ?? []) : [];
    for (const place of places) run.errors.push(errorOf(fault, node, [...(paths[place] ?? []), ...within]));
  }
}

function errorOf(
  { message, extensions }: SubgraphFault,
  { serviceName }: FetchNode,
  path: readonly (string | number)[] | undefined,
): GraphQLError {
  // The status and the headers of the answer are the gateway's to say.
  const { http: _http, ...told } = extensions ?? {};
  return new GraphQLError(message ?? 'A subgraph failed.', {
    path: path?.filter((part) => part !== '@').map(shownStep) ?? null,
    extensions: { code: 'INTERNAL_SERVER_ERROR', ...told, serviceName },
  });
}

/** A step of a path as the client knows it. */
export const shownStep = (step: string | number): string | number =>
  typeof step === 'string' ? nameForClient(step) : step;

/** The text of the call is put together from parts that are serialised once. */
function callOf(node: FetchNode): Sent['call'] {
  const { serviceName, operationKind, variableUsages = [] } = node;
  const name =
    node.operationName === undefined ? '' : `"operationName":${JSON.stringify(node.operationName)},`;
  const start = `{"query":${JSON.stringify(node.operation)},${name}"variables":{`;
  const keys = variableUsages.map((variable) => [variable, `${JSON.stringify(variable)}:`] as const);
  return ({ variables }, representations) => {
    const given = keys.flatMap(([variable, key]) => {
      const value = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
      return value === undefined ? [] : [key + JSON.stringify(value)];
    });
    if (representations !== undefined) given.push(`"representations":${representations}`);
    return { subgraph: serviceName, kind: operationKind, body: `${start}${given.join(',')}}}` };
  };
}

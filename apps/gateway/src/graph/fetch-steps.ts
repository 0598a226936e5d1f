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
    const asked = askedFor(targets, text);
    if (asked.count === 0) return;
    const { data, errors } = await run.call(call(run, `[${asked.text}]`));
    if (errors) addEntityErrors(run, errors, node, path, asked);
    if (!data) return;
    const received = data._entities;
    if (!Array.isArray(received) || received.length !== asked.count)
      throw new Error(`Expected "data._entities" to have ${asked.count} elements.`);
    takeEntities(received as (Values | null)[], targets, asked, output);
  };
}

/** What a subgraph is asked for. */
interface AskedEntities {
  /** Their representations: each entity once, however often the data has it. */
  readonly text: string;
  readonly count: number;
  /** For each target which of them stands for it; none: -1. */
  readonly places: readonly number[];
}

function askedFor(targets: readonly Values[], { textOf, keyOf }: EntityText): AskedEntities {
  const places: number[] = [];
  const byKey = new Map<string, number>();
  const byText = new Map<string, number>();
  let text = '';
  let count = 0;
  const placeOf = (target: Values): number => {
    const key = keyOf(target);
    const known = key === undefined ? undefined : byKey.get(key);
    if (known !== undefined) return known;
    const own = textOf(target);
    if (own === undefined) return -1;
    const same = key === undefined ? byText.get(own) : undefined;
    if (same !== undefined) return same;
    if (key === undefined) byText.set(own, count);
    else byKey.set(key, count);
    text += count === 0 ? own : `,${own}`;
    count += 1;
    return count - 1;
  };
  for (const target of targets) places.push(placeOf(target));
  return { text, count, places };
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

function takeEntities(
  received: readonly (Values | null)[],
  targets: readonly Values[],
  { count, places }: AskedEntities,
  output: Rewrite | undefined,
): void {
  // Where one entity is in several places, each gets its own copy: later answers are merged in place.
  const isCopied = count < targets.length;
  for (let index = 0; index < targets.length; index += 1) {
    const entity = received[places[index] ?? -1];
    const target = targets[index];
    if (!entity || !target) continue;
    const own = isCopied ? copyOf(entity) : entity;
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
  asked: AskedEntities,
): void {
  const paths = pathsOf(run.data, path);
  const holders = holdersOf(asked);
  for (const fault of errors) {
    const position = fault.path?.[1];
    const isOfEntity = typeof position === 'number';
    const told = isOfEntity ? (holders[position] ?? []) : holders.flat().slice(0, 1);
    const within = isOfEntity ? (fault.path?.slice(2) ?? []) : [];
    for (const index of told) run.errors.push(errorOf(fault, node, [...(paths[index] ?? []), ...within]));
  }
}

/** For each entity that was asked for the targets that it stands for. */
function holdersOf({ count, places }: AskedEntities): readonly (readonly number[])[] {
  const holders = Array.from({ length: count }, (): number[] => []);
  for (const [index, place] of places.entries()) holders[place]?.push(index);
  return holders;
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
    let given = '';
    for (const [variable, key] of keys) {
      const value = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
      if (value !== undefined) given += `,${key}${JSON.stringify(value)}`;
    }
    if (representations !== undefined) given += `,"representations":${representations}`;
    return { subgraph: serviceName, kind: operationKind, body: `${start}${given.slice(1)}}}` };
  };
}

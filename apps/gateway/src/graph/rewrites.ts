// What the planner wants renamed or set in data on its way to or from a subgraph: interface objects, and fields that it
// gave an alias because two selections of one name would clash.
import type { FetchDataRewrite } from '@apollo/query-planner';
import { isAbstractType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';
import type { Values } from './values.js';

export type Rewrite = (value: unknown) => void;

/** Compiles the rewrites of one direction; undefined when there are none. */
export function compileRewrites(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataRewrite[] | undefined,
): Rewrite | undefined {
  if (!rewrites || rewrites.length === 0) return undefined;
  const compiled = rewrites.map((rewrite) => compileRewrite(schema, rewrite));
  return (value) => {
    for (const apply of compiled) apply(value);
  };
}

const fragmentPrefix = '... on ';

function compileRewrite(schema: GraphQLSchema, rewrite: FetchDataRewrite): Rewrite {
  const parents = rewrite.path.slice(0, -1);
  const field = rewrite.path.at(-1);
  if (field === undefined) return () => undefined;
  const change =
    rewrite.kind === 'ValueSetter'
      ? (object: Values) => {
          object[field] = rewrite.setValueTo as unknown;
        }
      : (object: Values) => {
          if (!object[field]) return;
          object[rewrite.renameKeyTo] = object[field];
          object[field] = undefined;
        };
  return (value) => {
    changeAt(schema, parents, 0, value, change);
  };
}

function changeAt(
  schema: GraphQLSchema,
  path: readonly string[],
  at: number,
  value: unknown,
  change: (object: Values) => void,
): void {
  if (Array.isArray(value)) {
    for (const element of value) changeAt(schema, path, at, element, change);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const object = value as Values;
  const step = path[at];
  if (step === undefined) change(object);
  else if (!step.startsWith(fragmentPrefix)) changeAt(schema, path, at + 1, object[step], change);
  else if (isOfType(schema, object, step.slice(fragmentPrefix.length), true))
    changeAt(schema, path, at + 1, value, change);
}

/** @param otherwise the answer for an object that does not tell its type. */
export function isOfType(
  schema: GraphQLSchema,
  object: Values,
  condition: string,
  otherwise: boolean,
): boolean {
  const typename = object.__typename;
  if (typeof typename !== 'string' || typename === '') return otherwise;
  if (typename === condition) return true;
  const type = schema.getType(typename);
  const wanted = schema.getType(condition);
  if (!type || !wanted || !isAbstractType(wanted)) return false;
  return (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(wanted, type);
}
